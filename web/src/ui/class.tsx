// The mark of a class: its shape and its hue, as drawings have them.
import { classStyle } from "../vocabulary";

const outlines: Record<string, string> = {
  box: "M1 3h14v10H1z",
  rounded: "M4 3h8a3 3 0 0 1 3 3v4a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z",
  ellipse: "M1 8a7 5.4 0 1 0 14 0a7 5.4 0 1 0-14 0z",
  hexagon: "M4.5 2h7L15 8l-3.500 6h-7L1 8z",
  octagon: "M5 1h6l4 4v6l-4 4H5l-4-4V5z",
  diamond: "M8 1l7 7-7 7-7-7z",
  note: "M2 2h8l4 4v8H2z",
  plain: "M2 4h12v8H2z",
};

export function ClassMark({ name, label = true }: { name: string; label?: boolean }) {
  const style = classStyle(name);
  return (
    <span class="class">
      <svg class="swatch" viewBox="0 0 16 16" aria-hidden="true">
        <path d={outlines[style.shape] ?? ""} fill={style.fill} stroke="currentColor" stroke-width="1" />
      </svg>
      {label && name}
    </span>
  );
}
