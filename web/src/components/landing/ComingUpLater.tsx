import { useEffect, useState } from "react";
import { afterLoad, loadedLater } from "../../core/lazy-load";

const part = loadedLater(async () => (await import("./ComingUp")).ComingUp);

/** The next events, loaded once the page is shown. Renders nothing if they cannot be loaded. */
export function ComingUpLater() {
  const [Part, setPart] = useState<React.ComponentType | null>(null);
  useEffect(() => {
    let isShown = true;
    afterLoad()
      .then(part)
      .then(
        (loaded) => isShown && setPart(() => loaded),
        () => {},
      );
    return () => {
      isShown = false;
    };
  }, []);
  return Part && <Part />;
}
