import { Button } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useOnlineCount } from "../../hooks";
import { LEVELS } from "../common/levels";
import { TutorFace } from "../common/TutorFace";
import howItWorks from "./HowItWorks.module.css";
import levelGrid from "./LevelGrid.module.css";
import liveCount from "./LiveCount.module.css";
import practiceInvite from "./PracticeInvite.module.css";

export function LevelGrid() {
  const { t } = useTranslation();
  return (
    <ul className={levelGrid.grid}>
      {LEVELS.map((level) => (
        <li key={level} data-level={level}>
          <Link to={`/rooms?level=${level}`} className={levelGrid.card}>
            <span className={levelGrid.code}>{level}</span>
            <span className={levelGrid.words}>
              <span className={levelGrid.name}>{t(`levels.${level}.name`)}</span>
              <span className={levelGrid.description}>{t(`levels.${level}.description`)}</span>
            </span>
            <IconArrowRight className={levelGrid.arrow} size={20} aria-hidden="true" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

const STEPS = [1, 2, 3] as const;

export function HowItWorks() {
  const { t } = useTranslation();
  return (
    <ol className={howItWorks.steps}>
      {STEPS.map((step) => (
        <li key={step}>
          <h3 className={howItWorks.title}>{t(`landing.how${step}Title`)}</h3>
          <p className={howItWorks.text}>{t(`landing.how${step}Text`)}</p>
        </li>
      ))}
    </ol>
  );
}

/** Offers practice with the tutor to people who find no room. */
export function PracticeInvite() {
  const { t } = useTranslation();
  return (
    <div className={practiceInvite.invite}>
      <TutorFace size={56} />
      <div className={practiceInvite.words}>
        <h2 className={practiceInvite.title}>{t("landing.tutorTitle")}</h2>
        <p className={practiceInvite.text}>{t("landing.tutorText")}</p>
      </div>
      <Button component={Link} to="/practice" size="md">
        {t("landing.tutorAction")}
      </Button>
      <Button component={Link} to="/talk" size="md" variant="light">
        {t("landing.talkAction")}
      </Button>
    </div>
  );
}

export function LiveCount() {
  const { t } = useTranslation();
  const count = useOnlineCount();
  return (
    <p className={liveCount.live} data-empty={count === 0}>
      <span className={liveCount.dot} aria-hidden="true" />
      {t("landing.talkingNow", { count })}
    </p>
  );
}
