// The documents that say what is shown.
import type { DocumentInfo } from "../api/types";
import { documentHref } from "../links";
import { dateWords, Name } from "./text";

export function Sources({ of }: { of: readonly DocumentInfo[] }) {
  return (
    <>
      <h2>
        Sources <span class="count">{of.length}</span>
      </h2>
      <ul class="sources">
        {of.map((d) => (
          <li key={d.id}>
            <a href={documentHref(d.id)}>
              <Name>{d.title || d.id}</Name>
            </a>
            {d.date && <span class="note"> {dateWords(d.date)}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
