import { IconWifiOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useIsOnline } from "../../hooks";
import classes from "./OfflineBanner.module.css";

/** Above a page. A call has the whole window and says it among its own notices. */
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
