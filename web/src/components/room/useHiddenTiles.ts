import { type RefObject, useEffect, useRef } from "react";

/** A tile of which less than this part is visible counts as hidden. */
const VISIBLE_PART = 0.5;

/** Reports the ids of the participants whose tiles are scrolled out of view. `count` is the number of tiles. */
export function useHiddenTiles(
  list: RefObject<HTMLUListElement | null>,
  count: number,
  onHidden: (ids: ReadonlySet<string>) => void,
): void {
  const latest = useRef(onHidden);
  latest.current = onHidden;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other tiles have to be observed when their number changes
  useEffect(() => {
    if (!list.current || typeof IntersectionObserver === "undefined") return;
    const hidden = new Set<string>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, intersectionRatio } of entries) {
          const id = (target as HTMLElement).dataset.participant ?? "";
          if (intersectionRatio < VISIBLE_PART) hidden.add(id);
          else hidden.delete(id);
        }
        latest.current(new Set(hidden));
      },
      { threshold: VISIBLE_PART },
    );
    for (const tile of list.current.children) observer.observe(tile);
    return () => observer.disconnect();
  }, [list, count]);
}
