import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { COACH_TOPICS, type CoachHook, type CoachLesson, DIFFICULTIES } from "../../hooks";
import classes from "./Coach.module.css";
import { useDifficultyName, useTopicLabel } from "./lesson-names";

/** Topic and difficulty during a session. */
export function LessonSelects({ lesson, onChange }: { lesson: CoachLesson; onChange: CoachHook["change"] }) {
  const { t } = useTranslation();
  const topicLabel = useTopicLabel();
  const difficultyName = useDifficultyName();
  return (
    <div className={classes.lesson}>
      <NativeSelect
        label={t("coach.topic")}
        data={COACH_TOPICS.map((value) => ({ value, label: topicLabel(value) }))}
        value={lesson.topic}
        onChange={({ currentTarget: { value } }) => {
          const topic = COACH_TOPICS.find((one) => one === value);
          if (topic) onChange({ topic });
        }}
      />
      <NativeSelect
        label={t("coach.difficulty")}
        data={DIFFICULTIES.map((value) => ({ value, label: difficultyName(value) }))}
        value={lesson.difficulty}
        onChange={({ currentTarget: { value } }) => {
          const difficulty = DIFFICULTIES.find((one) => one === value);
          if (difficulty) onChange({ difficulty });
        }}
      />
    </div>
  );
}
