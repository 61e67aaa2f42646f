import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { StatusPage } from "../common/StatusPage";

interface Props<E> {
  exercises: E[];
  /** Exercises that were over before these, and how many of them went right. */
  before?: { done: number; right: number };
  /** Label of the button at the end. */
  close: string;
  /** One exercise, with a key of its own. */
  show(exercise: E, place: string, onNext: (wasRight: boolean) => void): ReactNode;
  /** One more is over; both counts include those before. */
  onProgress?(done: number, right: number): void;
  onEnd(): void;
}

const NONE = { done: 0, right: 0 };

/** The exercises one after the other, then how many went right. */
export function ReviewSession<E>({ exercises, before = NONE, close, show, onProgress, onEnd }: Props<E>) {
  const { t } = useTranslation();
  const [index, setIndex] = useState(0);
  const [right, setRight] = useState(before.right);
  const [done] = useState(before.done);
  const exercise = exercises[index];
  const count = done + exercises.length;
  if (!exercise) {
    return (
      <StatusPage
        as="note"
        autoFocus
        title={t("mistakes.doneTitle")}
        text={t("mistakes.doneText", { right, count })}
      >
        <Button onClick={onEnd}>{close}</Button>
      </StatusPage>
    );
  }
  const place = t("mistakes.place", { place: done + index + 1, count });
  return show(exercise, place, (wasRight) => {
    const rightNow = right + (wasRight ? 1 : 0);
    setRight(rightNow);
    setIndex(index + 1);
    onProgress?.(done + index + 1, rightNow);
  });
}
