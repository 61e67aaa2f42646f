import { IconWifiOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useIsOnline } from "../../hooks";
import classes from "./OfflineBanner.module.css";

/** Shown above a page. During a call `ConnectionNotices` shows it. */
export function OfflineBanner() {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  return (
    <div role="status">
      {!isOnline && (
        <p className={classes.banner}>
          <IconWifiOff size={18} aria-hidden="true" />
          {t("app.offline")}
        </p>
      )}
    </div>
  );
}
