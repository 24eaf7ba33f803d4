// The heading of a page: it names the document, and takes the focus when one
// has come from another page, so that screen readers read on from there.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { plainName } from "./text";

let visited = false;

export function Heading({
  title,
  children,
  hidden,
}: {
  title: string;
  children?: ComponentChildren;
  hidden?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title ? `${plainName(title)} – demarc` : "demarc";
  }, [title]);
  useEffect(() => {
    if (visited) heading.current?.focus({ preventScroll: true });
    visited = true;
  }, []);
  return (
    <h1 tabIndex={-1} ref={heading} class={hidden ? "sr" : undefined} dir="auto">
      {children ?? title}
    </h1>
  );
}
