import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { StatusPage } from "../common/StatusPage";

interface Props<E> {
  exercises: E[];
  /** Label of the button at the end. */
  close: string;
  /** One exercise, with a key of its own. */
  show(exercise: E, place: string, onNext: (wasRight: boolean) => void): ReactNode;
  onEnd(): void;
}

/** The exercises one after the other, then how many went right. */
export function ReviewSession<E>({ exercises, close, show, onEnd }: Props<E>) {
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
        <Button onClick={onEnd}>{close}</Button>
      </StatusPage>
    );
  }
  const place = t("mistakes.place", { place: index + 1, count: exercises.length });
  return show(exercise, place, (wasRight) => {
    setRight(right + (wasRight ? 1 : 0));
    setIndex(index + 1);
  });
}
