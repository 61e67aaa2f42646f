import { useEffect, useState } from "react";
import { afterLoad, loadedLater } from "../../core/lazy-load";

const part = loadedLater(async () => (await import("./ComingUp")).ComingUp);

/** What is coming up, loaded once the page is there. Nothing if it cannot be loaded. */
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
