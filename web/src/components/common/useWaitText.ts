import { useTranslation } from "react-i18next";
import { useIsOnline, useLoadTrouble } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { useHasPassed } from "./useHasPassed";

/** ms after which people want to know what they wait for. */
const SLOW_MS = 8_000;

/** Why loading takes long: offline, what the requests failed with, or just slow. Null before anybody wonders. */
export function useWaitText(): string | null {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const trouble = useLoadTrouble();
  const isSlow = useHasPassed(SLOW_MS);
  if (!isOnline) return t("app.offlineText");
  if (trouble) {
    const reason = trouble.status === 0 ? t("app.serverSilent") : errorText(t, trouble);
    return `${reason} ${t("app.tryingAgain")}`;
  }
  return isSlow ? `${t("app.slow")} ${t("app.tryingAgain")}` : null;
}
