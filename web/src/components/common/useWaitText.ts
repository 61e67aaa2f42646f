import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useIsOnline, useLoadTrouble } from "../../hooks";
import { errorText } from "../../i18n/error-text";

/** ms after which people want to know what they wait for. */
const SLOW_MS = 8_000;

/** Why loading takes long: offline, what the requests failed with, or just slow. Null before anybody wonders. */
export function useWaitText(): string | null {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const trouble = useLoadTrouble();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isOnline) return t("app.offlineText");
  if (trouble) {
    const reason = trouble.status === 0 ? t("app.serverSilent") : errorText(t, trouble);
    return `${reason} ${t("app.tryingAgain")}`;
  }
  return isSlow ? `${t("app.slow")} ${t("app.tryingAgain")}` : null;
}
