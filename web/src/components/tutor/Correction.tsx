import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FeedbackItem } from "../../protocol";
import classes from "./Correction.module.css";
import { WordDiff } from "./WordDiff";

interface Props {
  item: FeedbackItem;
  language: string;
  /** Shown with the answer. */
  children?: ReactNode;
}

/** A corrected sentence. While the tutor asks to try it again, a hint and a button that shows the answer. */
export function Correction({ item, language, children }: Props) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // the button that had the focus is gone
    if (isAsked) answer.current?.focus();
  }, [isAsked]);
  if (item.hint && !isAsked) {
    return (
      <div className={classes.hidden}>
        <p className={classes.said} lang={language} dir="auto">
          {item.originalSentence}
        </p>
        <p className={classes.hint}>{t("tutor.tryAgain", { hint: item.hint })}</p>
        <Button variant="light" onClick={() => setAsked(true)}>
          {t("tutor.showAnswer")}
        </Button>
      </div>
    );
  }
  return (
    <div ref={answer} tabIndex={isAsked ? -1 : undefined} className={classes.answer}>
      <WordDiff before={item.originalSentence} after={item.correctedSentence} language={language} />
      {children}
    </div>
  );
}
