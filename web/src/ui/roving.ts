// Lists with one tab stop, whose items are reached with the arrow keys.
import type { TargetedKeyboardEvent } from "preact";
import { useCallback } from "preact/hooks";

const moves: Record<string, (at: number, n: number) => number> = {
  ArrowDown: (at, n) => Math.min(at + 1, n - 1),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, n) => n - 1,
};

/**
 * Handles the keys of a list: up, down, Home and End move the focus among the
 * elements that a selector finds in it. The caller gives the item that is to be
 * the tab stop tabIndex 0, and -1 to all others.
 */
export function useRoving<T extends HTMLElement>(selector: string): (event: TargetedKeyboardEvent<T>) => void {
  return useCallback(
    (event) => {
      const move = moves[event.key];
      if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
      const items = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
      const at = items.indexOf(document.activeElement as HTMLElement);
      if (at < 0) return;
      const next = items[move(at, items.length)];
      if (!next) return;
      event.preventDefault();
      for (const item of items) item.tabIndex = item === next ? 0 : -1;
      next.focus();
    },
    [selector],
  );
}
