import { loadedLater } from "../../core/lazy-load";
import { useSession } from "../../hooks";
import { usePartLater } from "../common/usePartLater";

const part = loadedLater(async () => (await import("./WelcomeRing")).default);

/** The ring of somebody who is signed in, loaded once the page is shown. Renders nothing if it cannot be loaded. */
export function WelcomeRingLater({ isSmall = false }: { isSmall?: boolean }) {
  const { user } = useSession();
  const Part = usePartLater(part, user !== null);
  return Part && <Part isSmall={isSmall} />;
}
