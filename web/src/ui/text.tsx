// Text of documents and names, which are never trusted: they are shown as text,
// each name isolated from the direction of what is around it, and what is
// invisible in them made visible.
import type { ComponentChildren } from "preact";
import type { Fact } from "../api/types";

// Characters that change how others are shown: controls, marks and overrides of
// direction, and tags.
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

const names: Record<string, string> = {
  "\u061c": "ALM",
  "\u200e": "LRM",
  "\u200f": "RLM",
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
};

function codePoint(c: string): string {
  return `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** A text whose control characters are shown by their names and do nothing. */
export function Plain({ text }: { text: string }) {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const found of text.matchAll(control)) {
    parts.push(text.slice(from, found.index));
    parts.push(
      <span class="control-char" title={`control character ${codePoint(found[0])}`}>
        {names[found[0]] ?? codePoint(found[0])}
      </span>,
    );
    from = found.index + found[0].length;
  }
  if (from === 0) return <>{text}</>;
  parts.push(text.slice(from));
  return <>{parts}</>;
}

/** Cuts a text to at most n characters, between characters. */
export function cut(text: string, n: number): string {
  if (text.length <= n) return text;
  const end = text.charCodeAt(n - 1) >= 0xd800 && text.charCodeAt(n - 1) < 0xdc00 ? n - 1 : n;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** A name, isolated from the direction of the text around it; very long ones are cut. */
export function Name({ children, max = 140 }: { children: string; max?: number }) {
  const short = cut(children, max);
  return (
    <bdi class="name" title={short === children ? undefined : cut(children, 1000)}>
      <Plain text={short} />
    </bdi>
  );
}

/** A name for places that show plain text only, such as canvases and titles. */
export function plainName(text: string, max = 60): string {
  return cut(text.replace(control, ""), max);
}

/** A number with its noun, in the plural where it needs one. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** An EDTF date as it is read: "22 March 2022", "the 1950s", "about 1956". */
export function dateWords(edtf: string): string {
  const about = edtf.endsWith("~") ? "about " : "";
  const plain = edtf.replace(/[~?%]$/, "");
  if (/^\d{3}X$/.test(plain)) return `${about}the ${plain.slice(0, 3)}0s`;
  if (/^\d{2}XX$/.test(plain)) return `${about}the ${plain.slice(0, 2)}00s`;
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(plain);
  if (!parts) return edtf;
  const [, year = "", month, day] = parts;
  const named = month ? months[Number(month) - 1] : undefined;
  if (!named) return about + year;
  return about + (day ? `${Number(day)} ${named} ${year}` : `${named} ${year}`);
}

/** The first and the last year that an EDTF date may mean. */
export function years(edtf: string): [number, number] | undefined {
  const found = /^(-?\d{2}[\dX]{2})/.exec(edtf);
  if (!found?.[1]) return undefined;
  const slack = edtf.includes("~") ? 1 : 0;
  return [Number(found[1].replaceAll("X", "0")) - slack, Number(found[1].replaceAll("X", "9")) + slack];
}

/** The years in which a fact may have held, as far as its dates say. */
export function spanOf(fact: Fact): [number, number] {
  const year = (role: string, which: 0 | 1) => {
    const value = fact.qualifiers[role];
    return typeof value === "string" ? years(value)?.[which] : undefined;
  };
  const from = year("since", 0) ?? year("date", 0) ?? (fact.predicate === "holdsOffice" ? year("from", 0) : undefined);
  return [from ?? Number.NEGATIVE_INFINITY, year("until", 1) ?? Number.POSITIVE_INFINITY];
}
