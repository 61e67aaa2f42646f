import { useTranslation } from "react-i18next";
import classes from "./HowItWorks.module.css";

const STEPS = [1, 2, 3] as const;

export function HowItWorks() {
  const { t } = useTranslation();
  return (
    <ol className={classes.steps}>
      {STEPS.map((step) => (
        <li key={step}>
          <h3 className={classes.title}>{t(`landing.how${step}Title`)}</h3>
          <p className={classes.text}>{t(`landing.how${step}Text`)}</p>
        </li>
      ))}
    </ol>
  );
}
