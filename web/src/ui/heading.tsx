// The heading of a page: it names the document, and takes the focus when one
// has come from another page, so that screen readers read on from there.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { plainName } from "./text";

// Where one came in, as long as one has gone nowhere else: the browser has the
// focus then.
let entrance: string | null = location.pathname;

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
    if (location.pathname !== entrance) {
      entrance = null;
      heading.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <h1 tabIndex={-1} ref={heading} class={hidden ? "sr" : undefined} dir="auto">
      {children ?? title}
    </h1>
  );
}
