import { Button } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import classes from "./PracticeInvite.module.css";

/** Offers practice with the tutor to people who find no room. */
export function PracticeInvite() {
  const { t } = useTranslation();
  return (
    <div className={classes.invite}>
      <span className={classes.mark} aria-hidden="true">
        <IconSparkles size={26} />
      </span>
      <div className={classes.words}>
        <h2 className={classes.title}>{t("landing.tutorTitle")}</h2>
        <p className={classes.text}>{t("landing.tutorText")}</p>
      </div>
      <Button component={Link} to="/practice" size="md">
        {t("landing.tutorAction")}
      </Button>
    </div>
  );
}
