// The frame around the pages: where one is, and where one can go.

import { useEffect, useState } from "preact/hooks";
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from "preact-iso";
import { api, useData } from "./api/client";
import type { Service } from "./api/types";
import { Ask } from "./pages/ask";
import { Disputes } from "./pages/disputes";
import { DocumentPage } from "./pages/document";
import { Heading } from "./ui/heading";
import { LoadArea } from "./ui/load";
import { count } from "./ui/text";
import { ThemeButton } from "./ui/theme";
import { TokenDialog } from "./ui/token";

// What the first page has no need of is in bundles of its own.
const DisputePage = lazy(() => import("./pages/dispute").then((m) => m.DisputePage));
const MapPage = lazy(() => import("./pages/map").then((m) => m.MapPage));
const Explore = lazy(() => import("./pages/explore").then((m) => m.Explore));
const Documents = lazy(() => import("./pages/documents").then((m) => m.Documents));
const EntityPage = lazy(() => import("./pages/entity").then((m) => m.EntityPage));
const Sparql = lazy(() => import("./pages/sparql").then((m) => m.Sparql));

const places = [
  { href: "/", name: "Ask" },
  { href: "/disputes", name: "Disputes" },
  { href: "/map", name: "Map" },
  { href: "/explore", name: "Explore" },
  { href: "/documents", name: "Documents" },
  { href: "/sparql-editor", name: "Query" },
];

export function App() {
  return (
    <LocationProvider>
      <Frame />
    </LocationProvider>
  );
}

function Frame() {
  const service = useData<Service>(api(""));
  return (
    <LoadArea write={service.data?.write ?? false}>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <Head />
      <main id="main" tabIndex={-1}>
        <ErrorBoundary>
          <Router>
            <Route path="/" component={Ask} />
            <Route path="/disputes" component={Disputes} />
            <Route path="/disputes/:class/:slug" component={DisputePage} />
            <Route path="/map" component={MapPage} />
            <Route path="/explore" component={Explore} />
            <Route path="/documents" component={Documents} />
            <Route path="/documents/:id" component={DocumentPage} />
            <Route path="/entities/:class/:slug" component={EntityPage} />
            <Route path="/sparql-editor" component={Sparql} />
            <Route default component={NoPage} />
          </Router>
        </ErrorBoundary>
      </main>
      <footer class="foot">
        <span>
          demarc {service.data?.version ?? ""}
          {service.data && (
            <>
              {": "}
              {count(service.data.stats.documents, "document")}, {count(service.data.stats.facts, "fact")},{" "}
              {count(service.data.stats.entities, "entity", "entities")}
            </>
          )}
        </span>
        <span>Every fact is what a document says, never a judgement of who is right.</span>
        <a href="/openapi.json" target="_top">
          API
        </a>
        <a href="/licences.txt" target="_top">
          Licences
        </a>
      </footer>
      <TokenDialog />
    </LoadArea>
  );
}

function skip(event: Event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Head() {
  const { path } = useLocation();
  const [open, setOpen] = useState(false);
  // The menu closes when one has gone somewhere.
  useEffect(() => setOpen(false), [path]);
  const here = (href: string) => (href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`));
  return (
    <header class="head">
      <a class="brand" href="/" aria-label="demarc, to the first page">
        <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="7" fill="#12303f" />
          <path
            d="M8 27C10 19 13 20 15 15s5-4 8-10"
            fill="none"
            stroke="#f4f1ea"
            stroke-width="2.6"
            stroke-linecap="round"
            stroke-dasharray="5.5 3.6 .1 3.6"
          />
          <circle cx="9" cy="10" r="3.2" fill="#e69f00" />
          <circle cx="23" cy="21" r="3.2" fill="#56b4e9" />
        </svg>
        demarc
      </a>
      <button type="button" class="menu" aria-expanded={open} aria-controls="nav" onClick={() => setOpen(!open)}>
        Menu
      </button>
      <nav id="nav" class={open ? "nav open" : "nav"} aria-label="Pages">
        {places.map(({ href, name }) => (
          <a key={href} href={href} aria-current={here(href) ? "page" : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <div class="tools">
        <ThemeButton />
      </div>
    </header>
  );
}

function NoPage() {
  return (
    <div class="page">
      <Heading title="There is no such page" />
      <p class="lead">
        <a href="/">Ask a question</a>, or look at the <a href="/disputes">disputes</a>.
      </p>
    </div>
  );
}
