// Lists that come in pages.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, getJSON, type Loaded, type Params, useData } from "../api/client";

interface Page {
  items: readonly unknown[];
  next?: string;
}

interface Pages<P extends Page> {
  /** The first page: whether it is there, and what it says of the whole list. */
  first: Loaded<P>;
  /** What is on the pages that have come so far, in their order. */
  items: P["items"];
  /** A button for the next page; nothing where there is none. */
  more: JSX.Element | null;
}

/** A list of the API by its path and parameters, a hundred a page. Another list begins anew. */
export function usePages<P extends Page>(path: string, params: Params): Pages<P> {
  const asked = { ...params, limit: 100 };
  const first = useData<P>(api(path, asked));
  const [rest, setRest] = useState<{ of: P | undefined; pages: P[] }>({ of: undefined, pages: [] });
  const pages = first.data ? [first.data, ...(rest.of === first.data ? rest.pages : [])] : [];
  const cursor = pages.at(-1)?.next;
  const read = () =>
    getJSON<P>(api(path, { ...asked, cursor })).then(
      (page) => setRest({ of: first.data, pages: [...pages.slice(1), page] }),
      () => first.retry(),
    );
  return {
    first,
    items: pages.flatMap((page) => page.items),
    more: cursor ? (
      <button type="button" class="button more-rows" onClick={read}>
        More
      </button>
    ) : null,
  };
}
