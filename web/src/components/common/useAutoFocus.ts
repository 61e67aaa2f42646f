import { type RefObject, useEffect, useRef } from "react";

/** Moves focus to a heading when its view replaces another without a change of page. */
export function useAutoFocus<T extends HTMLElement>(enabled = true): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    if (enabled) ref.current?.focus({ preventScroll: true });
  }, [enabled]);
  return ref;
}
