import { Anchor, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type CoachHook, useCoach, useWakeLock } from "../../hooks";
import { useKeptFocus } from "../common/useKeptFocus";
import { LearningLinks } from "../practice/LearningLinks";
import { useKeptText, useVendorsText } from "../tutor/Privacy";
import classes from "./Coach.module.css";
import { CoachControls } from "./CoachControls";
import { CoachNotice } from "./CoachNotice";
import { CoachSetup } from "./CoachSetup";
import { CoachTalk } from "./CoachTalk";
import { LessonSelects } from "./LessonSelects";

/** The coach: choose a topic and a difficulty, then speak turn by turn. */
export function CoachView() {
  const { t } = useTranslation();
  const coach = useCoach();
  const { kept, phase } = coach;
  const isOpen = kept !== null && phase !== "idle" && phase !== "ended";
  useWakeLock(isOpen);
  const title = useKeptFocus<HTMLHeadingElement>(isOpen);
  return (
    <article className={classes.coach}>
      <Title order={1} ref={title} tabIndex={-1}>
        {t("coach.title")}
      </Title>
      {isOpen ? (
        <>
          <LessonSelects lesson={kept} onChange={coach.change} />
          <CoachTalk coach={coach} language={kept.language} />
          <CoachNotice coach={coach} language={kept.language} />
          <CoachControls coach={coach} language={kept.language} />
          <CoachPrivacy engines={coach.engines} />
        </>
      ) : (
        <>
          <p className={classes.note}>{t("coach.lead")}</p>
          <LearningLinks />
          {phase === "ended" && <Ended coach={coach} />}
          <CoachSetup coach={coach} />
        </>
      )}
    </article>
  );
}

/** Says which vendors receive the voices, and what is saved. */
function CoachPrivacy({ engines }: Pick<CoachHook, "engines">) {
  const { t } = useTranslation();
  const vendors = useVendorsText({ engines, name: t("coach.name") });
  const kept = useKeptText();
  return <p className={classes.privacy}>{engines ? `${vendors} ${kept}` : kept}</p>;
}

function Ended({ coach: { conversationId, lines } }: { coach: CoachHook }) {
  const { t } = useTranslation();
  const hasTalk = lines.length > 0 && conversationId;
  return (
    <div role="status" className={classes.card}>
      <p>{t("coach.ended")}</p>
      <Anchor
        component={Link}
        to={hasTalk ? `/practice/history/${conversationId}` : "/practice/history"}
        underline="always"
      >
        {t(hasTalk ? "coach.thisTalk" : "coach.history")}
      </Anchor>
    </div>
  );
}
