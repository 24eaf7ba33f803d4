// What is in dispute.
import { useState } from "preact/hooks";
import type { DisputeSummary, Entity, DisputePage as Page } from "../api/types";
import { disputeHref } from "../links";
import { EntityName } from "../ui/fact";
import { Heading } from "../ui/heading";
import { usePages } from "../ui/pages";
import { State } from "../ui/state";
import { Name } from "../ui/text";

export function Names({ of }: { of: readonly Entity[] }) {
  if (of.length === 0)
    return (
      <span class="note">
        <span aria-hidden="true">–</span>
        <span class="sr">nobody is named</span>
      </span>
    );
  return (
    <>
      {of.map((e, i) => (
        <span key={e.id ?? e.name}>
          {i > 0 ? ", " : ""}
          <EntityName entity={e} />
        </span>
      ))}
    </>
  );
}

export function DisputeTable({ items }: { items: readonly DisputeSummary[] }) {
  return (
    <div class="panel scroll">
      <table class="table stack">
        <thead>
          <tr>
            <th scope="col">Territory</th>
            <th scope="col">
              <span class="rel claims">Claimed by</span>
            </th>
            <th scope="col">
              <span class="rel holds">Administered by</span>
            </th>
            <th scope="col" class="num">
              Facts
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((d) => (
            <tr key={d.territory.id}>
              <td>
                <a class="strong" href={disputeHref(d.territory.id ?? "")}>
                  <Name>{d.territory.name}</Name>
                </a>
              </td>
              <td data-label="Claimed by">
                <Names of={d.claimants} />
              </td>
              <td data-label="Administered by">
                <Names of={d.administrators} />
              </td>
              <td class="num" data-label="Facts">
                {d.facts}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Disputes() {
  const [asOf, setAsOf] = useState("");
  const { first, items, more } = usePages<Page>("/disputes", { asOf });
  return (
    <div class="page">
      <Heading title="Disputes" />
      <p class="lead">Territories that somebody claims, those of most parties first.</p>
      <div class="filter">
        <AsOf value={asOf} onChange={setAsOf} />
        <p class="count" role="status">
          {first.data?.total !== undefined ? `${first.data.total} found` : ""}
        </p>
      </div>
      <State of={first}>
        {() =>
          items.length > 0 ? <DisputeTable items={items} /> : <p class="empty">No claims {asOf && `in ${asOf}`}.</p>
        }
      </State>
      {more}
    </div>
  );
}

/** A field for the date of which is asked; what is typed counts when it is a date. */
export function AsOf({ value, onChange }: { value: string; onChange: (date: string) => void }) {
  const [text, setText] = useState(value);
  const fine = text === "" || /^-?[0-9X]{2,6}(-[0-9]{2}){0,2}~?$/.test(text);
  return (
    <label class="field">
      As of (any time if empty)
      <input
        class="input"
        placeholder="1956"
        value={text}
        aria-invalid={!fine}
        onInput={(e) => {
          const typed = e.currentTarget.value.trim();
          setText(typed);
          if (typed === "" || /^-?[0-9X]{4}(-[0-9]{2}){0,2}~?$/.test(typed)) onChange(typed);
        }}
      />
    </label>
  );
}
