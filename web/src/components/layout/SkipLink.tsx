import { useTranslation } from "react-i18next";
import classes from "./SkipLink.module.css";

export function SkipLink() {
  const { t } = useTranslation();
  return (
    <a href="#content" className={classes.skip}>
      {t("app.skipToContent")}
    </a>
  );
}
