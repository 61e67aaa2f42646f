import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ApiError, useAccuracy, useForgetMistake, useKeptReview, useMistakes, useReviews } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { Exercise } from "../../protocol";
import { FormError } from "../common/form-errors";
import { notify } from "../common/notify";
import { PageLoader } from "../common/PageLoader";
import { StatusPage } from "../common/StatusPage";
import { MistakeExercise } from "./MistakeExercise";
import { Patterns } from "./Patterns";
import classes from "./Review.module.css";
import { ReviewSession } from "./ReviewSession";

const WEEKS = 8;
const idOf = ({ mistakeId }: Exercise) => mistakeId;

/** What is due, the review itself, and all mistakes. */
export function MistakesView() {
  const { t } = useTranslation();
  const { data, error } = useMistakes();
  const accuracy = useAccuracy(WEEKS);
  const forget = useForgetMistake();
  const reviews = useReviews();
  const review = useKeptReview("mistakes", reviews.load, idOf);
  const orNotify = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notify(errorText(t, error), "red");
    }
  };
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
        close={t("mistakes.close")}
        show={(exercise, place, onNext) => (
          <MistakeExercise
            key={exercise.mistakeId}
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
  if (data.items.length === 0) {
    return (
      <StatusPage as="note" title={t("mistakes.emptyTitle")} text={t("mistakes.emptyText")}>
        <Button component={Link} to="/practice">
          {t("practice.start")}
        </Button>
      </StatusPage>
    );
  }
  return (
    <>
      <div className={classes.due}>
        <p>{data.due > 0 ? t("mistakes.due", { count: data.due }) : t("mistakes.noneDue")}</p>
        {data.due > 0 && <Button onClick={() => void orNotify(review.start)}>{t("mistakes.start")}</Button>}
      </div>
      <h2>{t("mistakes.patterns")}</h2>
      <Patterns
        mistakes={data.items}
        accuracy={accuracy.data}
        onForget={(id) => void orNotify(() => forget.mutateAsync(id))}
      />
    </>
  );
}
