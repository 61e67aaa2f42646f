import { type RefObject, useEffect, useRef } from "react";

/**
 * An element for a title: it gets the focus if a change of `state` has removed the element that had it, such as the
 * button that was pressed. Without it a keyboard starts again at the top of the page.
 */
export function useKeptFocus<T extends HTMLElement>(state: unknown): RefObject<T | null> {
  const title = useRef<T>(null);
  const before = useRef(state);
  useEffect(() => {
    const isLost = document.activeElement === document.body;
    if (before.current !== state && isLost) title.current?.focus();
    before.current = state;
  }, [state]);
  return title;
}
