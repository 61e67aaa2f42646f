import { useTranslation } from "react-i18next";
import type { Tutor } from "../../protocol";

/** How the tutor is, in words: on its way, lost, or what it does now. */
export function useTutorLine(tutor: Tutor): string {
  const { t } = useTranslation();
  if (tutor.status === "ready") return t(`tutor.states.${tutor.state}`);
  return t(`tutor.statuses.${tutor.status}`);
}
