import { Button } from "@mantine/core";
import type { ComponentType, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, useKeptReview } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { FormError } from "../common/form-errors";
import { notify } from "../common/notify";
import { PageLoader } from "../common/PageLoader";
import classes from "./Review.module.css";
import { ReviewSession } from "./ReviewSession";

interface ExerciseProps<E, A> {
  exercise: E;
  place: string;
  answer: A;
  onNext(wasRight: boolean): void;
}

interface Props<E, A, L extends { due: number }> {
  name: "mistakes" | "words";
  list: { data: L | undefined; error: ApiError | null };
  reviews: { load(): Promise<{ exercises: E[] }>; refresh(): void; answer: A };
  idOf(exercise: E): string;
  exerciseOf: ComponentType<ExerciseProps<E, A>>;
  /** The sentence that says how many items are due. */
  dueText(count: number): string;
  /** Label of the button that closes the review. */
  close: string;
  /** The whole list. `due`: how many are due, with the button that begins their review. */
  show(list: L, due: ReactNode): ReactNode;
}

/** A list of things to practise, or the review of those that are due while it goes on. */
export function ReviewPage<E, A, L extends { due: number }>({
  name,
  list: { data, error },
  reviews,
  idOf,
  exerciseOf: ExerciseOf,
  dueText,
  close,
  show,
}: Props<E, A, L>) {
  const { t } = useTranslation();
  const review = useKeptReview(name, reviews.load, idOf);
  const orNotify = useNotifyFailure();
  if (review.exercises) {
    const end = () => {
      review.end();
      reviews.refresh();
    };
    return (
      <ReviewSession
        exercises={review.exercises}
        before={review}
        onProgress={review.progressed}
        close={close}
        show={(exercise, place, onNext) => (
          <ExerciseOf
            key={idOf(exercise)}
            exercise={exercise}
            place={place}
            answer={reviews.answer}
            onNext={onNext}
          />
        )}
        onEnd={end}
      />
    );
  }
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  if (!data || review.isComingBack) return <PageLoader />;
  return show(
    data,
    <div className={classes.due}>
      <p>{dueText(data.due)}</p>
      {data.due > 0 && <Button onClick={() => void orNotify(review.start)}>{t("mistakes.start")}</Button>}
    </div>,
  );
}

/** Runs work, and shows a failed request as a toast. */
export function useNotifyFailure() {
  const { t } = useTranslation();
  return async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notify(errorText(t, error), "red");
    }
  };
}
