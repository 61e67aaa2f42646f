import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAccuracy, useForgetMistake, useMistakes, useReviews } from "../../hooks";
import type { Exercise } from "../../protocol";
import { StatusPage } from "../common/StatusPage";
import { MistakeExercise } from "./MistakeExercise";
import { Patterns } from "./Patterns";
import { ReviewPage, useNotifyFailure } from "./ReviewPage";

const WEEKS = 8;
const idOf = ({ mistakeId }: Exercise) => mistakeId;

/** The mistakes that are due, their review, and all mistakes. */
export function MistakesView() {
  const { t } = useTranslation();
  const accuracy = useAccuracy(WEEKS);
  const forget = useForgetMistake();
  const orNotify = useNotifyFailure();
  return (
    <ReviewPage
      name="mistakes"
      list={useMistakes()}
      reviews={useReviews()}
      idOf={idOf}
      exerciseOf={MistakeExercise}
      dueText={(count) => (count > 0 ? t("mistakes.due", { count }) : t("mistakes.noneDue"))}
      close={t("mistakes.close")}
      show={({ items }, due) =>
        items.length === 0 ? (
          <StatusPage as="note" title={t("mistakes.emptyTitle")} text={t("mistakes.emptyText")}>
            <Button component={Link} to="/practice">
              {t("practice.start")}
            </Button>
          </StatusPage>
        ) : (
          <>
            {due}
            <h2>{t("mistakes.patterns")}</h2>
            <Patterns
              mistakes={items}
              accuracy={accuracy.data}
              onForget={(id) => void orNotify(() => forget.mutateAsync(id))}
            />
          </>
        )
      }
    />
  );
}
