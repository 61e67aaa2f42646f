import { useEffect, useState } from "react";
import { afterLoad, loadedLater } from "../../core/lazy-load";
import { useSession } from "../../hooks";

const part = loadedLater(async () => (await import("./WelcomeRing")).default);

/** The ring of somebody who is signed in, loaded once the page is there. Nothing if it cannot be loaded. */
export function WelcomeRingLater({ isSmall = false }: { isSmall?: boolean }) {
  const { user } = useSession();
  const [Part, setPart] = useState<React.ComponentType<{ isSmall: boolean }> | null>(null);
  const isSignedIn = user !== null;
  useEffect(() => {
    if (!isSignedIn) return;
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
  }, [isSignedIn]);
  return isSignedIn && Part && <Part isSmall={isSmall} />;
}
