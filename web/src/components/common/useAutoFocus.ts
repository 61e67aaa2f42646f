import { type RefObject, useEffect, useRef } from "react";

/** Focuses a heading when its view replaces another one without a change of page. */
export function useAutoFocus<T extends HTMLElement>(enabled = true): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    if (enabled) ref.current?.focus({ preventScroll: true });
  }, [enabled]);
  return ref;
}
