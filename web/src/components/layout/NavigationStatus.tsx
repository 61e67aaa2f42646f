import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigation } from "react-router";
import classes from "./NavigationStatus.module.css";

/** A shorter wait than this would only flicker. */
const AFTER_MS = 200;

/** Says that the next page is being loaded: the current page stays until its code is there. */
export function NavigationStatus() {
  const { t } = useTranslation();
  const isLoading = useNavigation().state === "loading";
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (!isLoading) return setIsLong(false);
    const timer = setTimeout(() => setIsLong(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, [isLoading]);
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
