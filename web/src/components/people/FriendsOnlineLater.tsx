import { loadedLater, withRetries } from "../../core/lazy-load";
import { useSession } from "../../hooks";
import { speakOf } from "../../i18n";
import { usePartLater } from "../common/usePartLater";

const part = loadedLater(async () => {
  const [loaded] = await Promise.all([import("./FriendsOnline"), withRetries(() => speakOf("people"))]);
  return loaded.default;
});

/** Friends online of somebody who is signed in, loaded once the page is shown. Renders nothing if they cannot be loaded. */
export function FriendsOnlineLater() {
  const { user } = useSession();
  const Part = usePartLater(part, user !== null);
  return Part && <Part />;
}
