// How texts are divided, whatever is in them.
import { expect, test } from "@playwright/test";
import { blocksOf, fromBytes, type Mark, piecesOf } from "../src/ui/marks";

const text = "One 東京 two.\nstill one\n\n- a\n- b\n\n\n  😀 last\u202e line";

test("offsets in bytes become offsets in code units", () => {
  const bytes = new TextEncoder().encode(text);
  const all = Array.from({ length: text.length + 1 }, (_, i) => i).filter(
    (i) => !/[\udc00-\udfff]/.test(text[i] ?? ""),
  );
  const size = (i: number) => new TextEncoder().encode(text.slice(0, i)).length;
  const at = fromBytes(text, all.map(size));
  for (const i of all) expect(at.get(size(i))).toBe(i);
  expect(fromBytes(text, [bytes.length]).get(bytes.length)).toBe(text.length);
});

test("paragraphs keep their lines, and lists their breaks", () => {
  expect(blocksOf(text).map((b) => [b.line, b.verbatim, text.slice(b.start, b.end)])).toEqual([
    [1, false, "One 東京 two.\nstill one"],
    [4, true, "- a\n- b"],
    [8, false, "  😀 last\u202e line"],
  ]);
  expect(blocksOf("")).toEqual([]);
  expect(blocksOf("\n\n\n")).toEqual([]);
});

test("pieces are the text, and each has the marks that cover it", () => {
  let seed = 3;
  const random = (n: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % n;
  };
  for (let round = 0; round < 60; round++) {
    const marks: Mark[] = Array.from({ length: random(7) }, (_, i) => {
      const start = random(text.length);
      return { key: String(i), start, end: start + 1 + random(text.length - start) };
    });
    for (const { start, end } of blocksOf(text)) {
      const pieces = piecesOf(text, start, end, marks);
      expect(pieces.map((p) => p.text).join("")).toBe(text.slice(start, end));
      const covered = pieces.flatMap((piece) =>
        Array.from(piece.text.split(""), () => piece.marks.map((m) => m.key).join()),
      );
      const wanted = covered.map((_, i) =>
        marks
          .filter((m) => m.start <= start + i && start + i < m.end)
          .map((m) => m.key)
          .join(),
      );
      expect(covered).toEqual(wanted);
    }
  }
});

test("a megabyte of anything is divided in no time", () => {
  for (const text of [" ", "a", "\n", " \n", "a \n", "- "].map((s) => s.repeat(1_000_000 / s.length)))
    expect(blocksOf(text).length).toBeLessThanOrEqual(1);
});
