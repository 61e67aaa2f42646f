import { Anchor, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { classKey, markOf, useClass, useHeardClasses, useWakeLock } from "../../hooks";
import type { ClassText } from "../../protocol";
import { useKeptFocus } from "../common/useKeptFocus";
import { ClassControls } from "./ClassControls";
import { ClassNotice } from "./ClassNotice";
import { ClassQuestions } from "./ClassQuestions";
import { ClassTalk } from "./ClassTalk";
import classes from "./Courses.module.css";
import { Sentences } from "./Sentences";

/** A class: its text with the sentence that is spoken, the controls, and the learner's questions. */
export function ClassView({ text }: { text: ClassText }) {
  const { t } = useTranslation();
  const lesson = useClass(text);
  const heard = useHeardClasses()[classKey(text.courseId, text.moduleIndex, text.subTopicIndex)];
  const mark = markOf(heard, text.sentences.length);
  const isRunning = lesson.phase === "teaching" || lesson.phase === "connecting";
  useWakeLock(isRunning);
  const title = useKeptFocus<HTMLHeadingElement>(isRunning);
  return (
    <article className={classes.class}>
      <Anchor component={Link} to="/courses" className={classes.back}>
        {t("courses.back")}
      </Anchor>
      <Title order={1} ref={title} tabIndex={-1} lang={text.language}>
        {text.title}
      </Title>
      <p className={classes.note}>
        {t("courses.level", { level: text.level })} ·{" "}
        {t("courses.sentences", { count: text.sentences.length })}
      </p>
      <ClassControls lesson={lesson} mark={mark} sentences={text.sentences.length} />
      <ClassNotice lesson={lesson} />
      <ClassTalk lesson={lesson} language={text.language} />
      <Sentences text={text} current={lesson.sentence} isRunning={isRunning} heard={heard} />
      {(lesson.phase === "finished" || lesson.phase === "over" || mark?.isFinished) && (
        <ClassQuestions text={text} />
      )}
    </article>
  );
}
