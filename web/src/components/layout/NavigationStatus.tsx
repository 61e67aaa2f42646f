import { useTranslation } from "react-i18next";
import { useNavigation } from "react-router";
import { useHasPassed } from "../common/useHasPassed";
import classes from "./NavigationStatus.module.css";

/** A shorter wait than this would only flicker. */
const AFTER_MS = 200;

/** Says that the next page is being loaded: the current page stays until its code is there. */
export function NavigationStatus() {
  const { t } = useTranslation();
  const isLong = useHasPassed(AFTER_MS, useNavigation().state === "loading");
  return (
    <div role="status">
      {isLong && (
        <p className={classes.status}>
          <span className={classes.bar} aria-hidden="true" />
          {t("app.loading")}
        </p>
      )}
    </div>
  );
}
