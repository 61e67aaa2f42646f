import { useTranslation } from "react-i18next";
import classes from "./Safety.module.css";

/** The house rules, and what people under 18 should know. */
export function RulesText() {
  const { t } = useTranslation();
  return (
    <>
      <ul className={classes.rules}>
        <li>{t("safety.rulesKind")}</li>
        <li>{t("safety.rulesNo")}</li>
        <li>{t("safety.rulesPrivate")}</li>
        <li>{t("safety.rulesTell")}</li>
      </ul>
      <MinorsNote />
    </>
  );
}

export function MinorsNote() {
  const { t } = useTranslation();
  return (
    <div className={classes.minors}>
      <h2>{t("safety.minorsTitle")}</h2>
      <p>{t("safety.minorsText")}</p>
    </div>
  );
}
