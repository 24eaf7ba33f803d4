// The shapes of graph/serve/openapi.yaml, by the names that the pages use.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Answer = Schemas["Answer"];
export type AnswerItem = Answer["answers"][number];
export type Card = Schemas["Card"];
export type Dispute = Schemas["Dispute"];
export type DisputePage = Schemas["DisputePage"];
export type DisputeSummary = Schemas["DisputeSummary"];
export type DocumentInfo = Schemas["Document"];
export type DocumentPage = Schemas["DocumentPage"];
export type DocumentText = Schemas["DocumentText"];
export type Entity = Schemas["Entity"];
export type EntityPage = Schemas["EntityPage"];
export type Evidence = Schemas["Evidence"];
export type Fact = Schemas["Fact"];
export type FactPage = Schemas["FactPage"];
export type FeatureCollection = Schemas["FeatureCollection"];
export type Feature = FeatureCollection["features"][number];
export type LoadReport = Schemas["LoadReport"];
export type Network = Schemas["Network"];
export type NetworkNode = Schemas["NetworkNode"];
export type Party = Schemas["Party"];
export type Passage = DocumentText["passages"][number];
export type Rule = Schemas["Rule"];
export type Service = Schemas["Service"];
export type SparqlResult = Schemas["SparqlResult"];
