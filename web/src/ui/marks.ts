// Dividing a text into paragraphs, and these where marks begin and end.

/** A passage to mark: where it is, in UTF-16 code units. */
export interface Mark {
  key: string;
  start: number;
  end: number;
}

export interface Piece {
  text: string;
  marks: readonly Mark[];
}

export interface Block {
  line: number;
  start: number;
  end: number;
  /** Its lines are a list or a table: they stay as they are. */
  verbatim: boolean;
}

/** Offsets in UTF-16 code units of offsets in UTF-8 bytes. */
export function fromBytes(text: string, offsets: readonly number[]): Map<number, number> {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const out = new Map<number, number>();
  let [byte, unit] = [0, 0];
  for (const at of [...new Set(offsets)].sort((a, b) => a - b)) {
    unit += decoder.decode(bytes.subarray(byte, at)).length;
    byte = at;
    out.set(at, unit);
  }
  return out;
}

/** Divides a text into paragraphs, with the line that each begins on. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let line = 0;
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const words = text.slice(start, end).trimEnd();
    line++;
    if (words === "") open = undefined;
    else if (open) {
      open.end = start + words.length;
      open.verbatim ||= listed.test(words) || listed.test(text.slice(open.start, start));
    } else {
      open = { line, start, end: start + words.length, verbatim: false };
      blocks.push(open);
    }
    start = end + 1;
  }
  return blocks;
}

// A line that is an item of a list, a row of a table, or indented.
const listed = /^(\s*([-*+|>#]|\d{1,9}[.)])\s|\s{2}|---)/;

/** Divides a part of a text where marks begin and end. */
export function piecesOf(text: string, start: number, end: number, marks: readonly Mark[]): Piece[] {
  const here = marks.filter((m) => m.start < end && m.end > start);
  const edges = new Set([start, end]);
  for (const m of here) {
    edges.add(Math.max(m.start, start));
    edges.add(Math.min(m.end, end));
  }
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, i) => {
    const to = sorted[i + 1] ?? end;
    return { text: text.slice(from, to), marks: here.filter((m) => m.start <= from && m.end >= to) };
  });
}
