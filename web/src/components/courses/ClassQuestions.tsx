import { useTranslation } from "react-i18next";
import type { ClassText } from "../../protocol";
import classes from "./Courses.module.css";

/** The questions of a class, to answer for oneself: the expected words open on request. */
export function ClassQuestions({ text }: { text: ClassText }) {
  const { t } = useTranslation();
  if (text.questions.length === 0) return null;
  return (
    <section aria-labelledby="class-questions" className={classes.text}>
      <h2 id="class-questions">{t("courses.questions")}</h2>
      <ol>
        {text.questions.map((question) => (
          <li key={question.text}>
            <p lang={text.language}>{question.text}</p>
            {question.answers.length > 0 ? (
              <details>
                <summary>{t("courses.showAnswer")}</summary>
                <p lang={text.language}>{question.answers.join(" / ")}</p>
              </details>
            ) : (
              <p className={classes.note}>{t("courses.anyAnswer")}</p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
