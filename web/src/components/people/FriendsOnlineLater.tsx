import { useEffect, useState } from "react";
import { afterLoad, loadedLater, withRetries } from "../../core/lazy-load";
import { useSession } from "../../hooks";
import { speakOf } from "../../i18n";

const part = loadedLater(async () => {
  const [loaded] = await Promise.all([import("./FriendsOnline"), withRetries(() => speakOf("people"))]);
  return loaded.default;
});

/** Friends online of somebody who is signed in, loaded once the page is there. Nothing if it cannot be loaded. */
export function FriendsOnlineLater() {
  const { user } = useSession();
  const [Part, setPart] = useState<React.ComponentType | null>(null);
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
  return isSignedIn && Part && <Part />;
}
