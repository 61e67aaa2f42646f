import { useTranslation } from "react-i18next";
import type { ReviewsHook } from "../../hooks";
import type { Exercise } from "../../protocol";
import { Explanation } from "../tutor/Explanation";
import { WordDiff } from "../tutor/WordDiff";
import { ExerciseCard } from "./ExerciseCard";
import classes from "./Review.module.css";

interface Props {
  exercise: Exercise;
  place: string;
  answer: ReviewsHook["answer"];
  onNext(wasRight: boolean): void;
}

/** A sentence with a mistake, to say or type rightly. */
export function MistakeExercise({ exercise, place, answer, onNext }: Props) {
  const { t } = useTranslation();
  const { mistakeId, language, sentence, explanation, category } = exercise;
  return (
    <ExerciseCard
      place={place}
      language={language}
      field={t("mistakes.field")}
      hint={<Explanation text={explanation} className={classes.why} />}
      solution={(right) => <WordDiff before={sentence} after={right} language={language} />}
      answer={(text, attempt) => answer(mistakeId, text, attempt)}
      onNext={onNext}
    >
      <p className={classes.place}>
        {place} · {t(`tutor.categories.${category}`)}
      </p>
      <p className={classes.label}>{t("mistakes.youSaid")}</p>
      <p className={classes.sentence} lang={language} dir="auto">
        {sentence}
      </p>
    </ExerciseCard>
  );
}
