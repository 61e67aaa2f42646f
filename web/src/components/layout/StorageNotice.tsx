import { useTranslation } from "react-i18next";
import { useStorageIsKept } from "../../hooks";
import classes from "./StorageNotice.module.css";

/** Shown above a page whose browser stores nothing: what that means, and what helps. */
export function StorageNotice() {
  const { t } = useTranslation();
  const isKept = useStorageIsKept();
  return <div role="status">{!isKept && <p className={classes.notice}>{t("app.notKept")}</p>}</div>;
}
