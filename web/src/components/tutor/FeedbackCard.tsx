import { useTranslation } from "react-i18next";
import type { FeedbackItem } from "../../protocol";
import classes from "./FeedbackCard.module.css";
import { WordDiff } from "./WordDiff";

interface Props {
  item: FeedbackItem;
  language: string;
}

export function FeedbackCard({ item, language }: Props) {
  const { t } = useTranslation();
  return (
    <article className={classes.card}>
      <p className={classes.category}>{t(`tutor.categories.${item.category}`)}</p>
      <WordDiff before={item.originalSentence} after={item.correctedSentence} language={language} />
      {/* Explanations are in English whatever is learnt. */}
      <p className={classes.why} lang="en">
        {item.explanation}
      </p>
    </article>
  );
}
