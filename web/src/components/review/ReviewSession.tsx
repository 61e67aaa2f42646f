import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReviewsHook } from "../../hooks";
import type { Exercise } from "../../protocol";
import { StatusPage } from "../common/StatusPage";
import { ExerciseCard } from "./ExerciseCard";

interface Props {
  exercises: Exercise[];
  answer: ReviewsHook["answer"];
  onEnd(): void;
}

/** The exercises one after the other, then how many went right. */
export function ReviewSession({ exercises, answer, onEnd }: Props) {
  const { t } = useTranslation();
  const [index, setIndex] = useState(0);
  const [right, setRight] = useState(0);
  const exercise = exercises[index];
  if (!exercise) {
    return (
      <StatusPage
        as="note"
        autoFocus
        title={t("mistakes.doneTitle")}
        text={t("mistakes.doneText", { right, count: exercises.length })}
      >
        <Button onClick={onEnd}>{t("mistakes.close")}</Button>
      </StatusPage>
    );
  }
  return (
    <ExerciseCard
      key={exercise.mistakeId}
      exercise={exercise}
      place={t("mistakes.place", { place: index + 1, count: exercises.length })}
      answer={answer}
      onNext={(wasRight) => {
        setRight(right + (wasRight ? 1 : 0));
        setIndex(index + 1);
      }}
    />
  );
}
