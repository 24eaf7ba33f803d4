// Where things are within the pages.
import type { Evidence } from "./api/types";

export function entityHref(id: string): string {
  const [name = "", ...slug] = id.split("/");
  return `/entities/${encodeURIComponent(name)}/${encodeURIComponent(slug.join("/"))}`;
}

export function disputeHref(id: string): string {
  return entityHref(id).replace("/entities/", "/disputes/");
}

export function documentHref(id: string, fact?: string): string {
  return `/documents/${encodeURIComponent(id)}${fact ? `?fact=${fact}` : ""}`;
}

/** The place of a passage in its document. */
export function passageHref(evidence: Evidence, fact?: string): string {
  const query = new URLSearchParams({ at: `${evidence.start}-${evidence.end}` });
  if (fact) query.set("fact", fact);
  return `/documents/${encodeURIComponent(evidence.doc)}?${query}`;
}

export function exploreHref(about: string): string {
  return `/explore?${new URLSearchParams({ about })}`;
}

export function askHref(question: string): string {
  return `/?${new URLSearchParams({ q: question })}`;
}

export function queryHref(query: string): string {
  return `/sparql-editor?${new URLSearchParams({ query })}`;
}
