// The documents of the graph.
import { useEffect, useState } from "preact/hooks";
import type { DocumentPage as Page } from "../api/types";
import { documentHref } from "../links";
import { Heading } from "../ui/heading";
import { LoadButton } from "../ui/load";
import { usePages } from "../ui/pages";
import { State } from "../ui/state";
import { dateWords, Name } from "../ui/text";

export function Documents() {
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 150);
    return () => clearTimeout(timer);
  }, [text]);
  const { first, items, more } = usePages<Page>("/documents", { q: asked });
  return (
    <div class="page">
      <div class="row between">
        <Heading title="Documents" />
        <LoadButton />
      </div>
      <div class="filter">
        <label class="field">
          Title, publisher or ID
          <input class="input" type="search" value={text} onInput={(e) => setText(e.currentTarget.value)} />
        </label>
        <p class="count" role="status">
          {first.data?.total !== undefined ? `${first.data.total} found` : ""}
        </p>
      </div>
      <State of={first}>
        {() => {
          if (items.length === 0)
            return <p class="empty">{asked ? "No document has these words." : "No document has been loaded."}</p>;
          return (
            <div class="panel scroll">
              <table class="table stack">
                <thead>
                  <tr>
                    <th scope="col">Document</th>
                    <th scope="col">Published</th>
                    <th scope="col">By</th>
                    <th scope="col" class="num">
                      Facts
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((d) => (
                    <tr key={d.id}>
                      <td>
                        <a href={documentHref(d.id)}>
                          <Name>{d.title || d.id}</Name>
                        </a>
                        {d.title && (
                          <div class="source">
                            <Name>{d.id}</Name>
                          </div>
                        )}
                      </td>
                      <td class="when" data-label="Published">
                        {d.date ? dateWords(d.date) : <span class="note">undated</span>}
                      </td>
                      <td data-label="By">{d.publisher ? <Name>{d.publisher}</Name> : <span class="note">–</span>}</td>
                      <td class="num" data-label="Facts">
                        {d.facts}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </State>
      {more}
    </div>
  );
}
