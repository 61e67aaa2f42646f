import { useTranslation } from "react-i18next";
import { useOnlineCount } from "../../hooks";
import classes from "./LiveCount.module.css";

export function LiveCount() {
  const { t } = useTranslation();
  const count = useOnlineCount();
  return (
    <p className={classes.live} data-empty={count === 0}>
      <span className={classes.dot} aria-hidden="true" />
      {t("landing.talkingNow", { count })}
    </p>
  );
}
