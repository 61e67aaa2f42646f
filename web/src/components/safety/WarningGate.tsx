import { loadedLater } from "../../core/lazy-load";
import { useStanding } from "../../hooks";
import { speakOf } from "../../i18n";
import { LazyPart } from "../common/LazyPart";

const warningModal = loadedLater(async () => {
  const [{ WarningModal }] = await Promise.all([import("./WarningModal"), speakOf("safety")]);
  return WarningModal;
});

/** Shows a moderator's warning on whatever page. The code for it is loaded with the first warning. */
export function WarningGate() {
  const standing = useStanding();
  return standing?.warnings.length ? <LazyPart load={warningModal} props={{}} /> : null;
}
