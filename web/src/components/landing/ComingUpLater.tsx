import { loadedLater } from "../../core/lazy-load";
import { usePartLater } from "../common/usePartLater";

const part = loadedLater(async () => (await import("./ComingUp")).ComingUp);

/** The next events, loaded once the page is shown. Renders nothing if they cannot be loaded. */
export function ComingUpLater() {
  const Part = usePartLater(part);
  return Part && <Part />;
}
