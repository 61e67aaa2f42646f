import { useTranslation } from "react-i18next";
import type { WordExercise as Exercise, ReviewResult } from "../../protocol";
import { ExerciseCard } from "./ExerciseCard";
import classes from "./Review.module.css";

interface Props {
  exercise: Exercise;
  place: string;
  answer(wordId: string, text: string | null, attempt: 1 | 2): Promise<ReviewResult>;
  onNext(wasRight: boolean): void;
}

/** The meaning of a word and its sentence with a gap, to say or type the word. */
export function WordExercise({ exercise, place, answer, onNext }: Props) {
  const { t } = useTranslation();
  const { wordId, language, meaning, sentence } = exercise;
  return (
    <ExerciseCard
      place={place}
      language={language}
      field={t("words.field")}
      solution={(right) => (
        <p className={classes.sentence} lang={language} dir="auto">
          {right}
        </p>
      )}
      answer={(text, attempt) => answer(wordId, text, attempt)}
      onNext={onNext}
    >
      <p className={classes.place}>{place}</p>
      {sentence && (
        <p className={classes.sentence} lang={language} dir="auto">
          {sentence}
        </p>
      )}
      {meaning && <p dir="auto">{meaning}</p>}
    </ExerciseCard>
  );
}
