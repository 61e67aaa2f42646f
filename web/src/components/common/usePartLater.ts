import { type ComponentType, useEffect, useState } from "react";
import { afterLoad } from "../../core/lazy-load";

/**
 * A part of a page that is loaded once the page is shown. Null until then, while it is not wanted, and if it cannot be
 * loaded: the page does without it. `load` must be the same function at each render.
 */
export function usePartLater<Props>(
  load: () => Promise<ComponentType<Props>>,
  isWanted = true,
): ComponentType<Props> | null {
  const [Part, setPart] = useState<ComponentType<Props> | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    let isShown = true;
    afterLoad()
      .then(load)
      .then(
        (loaded) => isShown && setPart(() => loaded),
        () => {},
      );
    return () => {
      isShown = false;
    };
  }, [load, isWanted]);
  return isWanted ? Part : null;
}
