import { Button, Stack } from "@mantine/core";
import { IconMicrophone, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { COACH_TOPICS, type CoachHook, type CoachLesson, DIFFICULTIES, useTutorOffer } from "../../hooks";
import { LanguageSelect } from "../common/LanguageSelect";
import { useKeptText } from "../tutor/Privacy";
import { UnsupportedLanguageNote } from "../tutor/tutor-texts";
import classes from "./Coach.module.css";
import { useDifficultyName, useTopicLabel } from "./lesson-names";
import { RadioChips } from "./RadioChips";

/** The language that this coach was made for. */
const FIRST_LANGUAGE = "vi";

/** Before a session: what to talk about, how difficult, and in which language. */
export function CoachSetup({ coach }: { coach: CoachHook }) {
  const { t } = useTranslation();
  const topicLabel = useTopicLabel();
  const difficultyName = useDifficultyName();
  const offered = useTutorOffer();
  const privacy = useKeptText();
  const [chosen, choose] = useState<Partial<CoachLesson>>({});
  const isTaught = offered === null || offered.includes(FIRST_LANGUAGE);
  const lesson: CoachLesson = {
    topic: COACH_TOPICS[0],
    difficulty: "beginner",
    language: isTaught ? FIRST_LANGUAGE : "en",
    ...chosen,
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        coach.start(lesson);
      }}
    >
      <Stack gap="lg">
        {coach.kept && (
          <div className={classes.card}>
            <p>{t("coach.open", { topic: topicLabel(coach.kept.topic) })}</p>
            <Button leftSection={<IconPlayerPlay size={20} aria-hidden="true" />} onClick={coach.resume}>
              {t("coach.resume")}
            </Button>
          </div>
        )}
        <RadioChips
          legend={t("practice.topic")}
          options={COACH_TOPICS}
          value={lesson.topic}
          label={topicLabel}
          onChange={(topic) => choose({ ...chosen, topic })}
        />
        <RadioChips
          legend={t("coach.difficulty")}
          options={DIFFICULTIES}
          value={lesson.difficulty}
          label={difficultyName}
          onChange={(difficulty) => choose({ ...chosen, difficulty })}
        />
        <LanguageSelect
          label={t("practice.language")}
          value={lesson.language}
          onChange={(language) => language && choose({ ...chosen, language })}
        />
        <UnsupportedLanguageNote language={lesson.language} />
        <Button
          type="submit"
          size="lg"
          variant={coach.kept ? "light" : "filled"}
          leftSection={<IconMicrophone size={20} aria-hidden="true" />}
        >
          {t(coach.kept ? "coach.startNew" : "coach.start")}
        </Button>
        <p className={classes.privacy}>
          {t("coach.microphoneNote")} {privacy}
        </p>
      </Stack>
    </form>
  );
}
