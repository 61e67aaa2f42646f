import { useTranslation } from "react-i18next";
import type { ClassHook } from "../../hooks";
import classes from "./Courses.module.css";

/** Shows the questions and answers of learner and tutor, apart from the lesson. Empty until the first question. */
export function ClassTalk({ lesson, language }: { lesson: ClassHook; language: string }) {
  const { t } = useTranslation();
  const { talk, partial } = lesson;
  if (talk.length === 0 && partial === "") return null;
  return (
    <section className={classes.talk} aria-labelledby="class-talk">
      <h2 id="class-talk">{t("courses.talk")}</h2>
      <div role="log" aria-labelledby="class-talk" lang={language}>
        <ol>
          {talk.map(({ id, asked, said, answer }) => (
            <li key={id}>
              {asked !== null && (
                <p className={classes.answer}>
                  <strong>{t("courses.tutor")}</strong> {asked}
                </p>
              )}
              {said !== null && (
                <p className={classes.question}>
                  <strong>{t("courses.you")}</strong> {said}
                </p>
              )}
              {answer !== null && (
                <p className={classes.answer}>
                  <strong>{t("courses.tutor")}</strong> {answer}
                </p>
              )}
            </li>
          ))}
        </ol>
      </div>
      {partial !== "" && (
        <p className={classes.partial} lang={language}>
          {partial} …
        </p>
      )}
    </section>
  );
}
