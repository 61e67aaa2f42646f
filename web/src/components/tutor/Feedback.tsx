import { Button, CloseButton, VisuallyHidden } from "@mantine/core";
import { IconMessageCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Dialogue } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { FeedbackItem } from "../../protocol";
import { HearInTalk } from "../review/HearInTalk";
import { Correction } from "./Correction";
import { Explanation } from "./Explanation";
import classes from "./Feedback.module.css";

interface Props {
  dialogue: Dialogue;
  language: string;
  onAsk(): void;
}

/** Corrections of this conversation, newest first. Only their learner gets them. */
export function FeedbackPanel({ dialogue, language, onAsk }: Props) {
  const { t } = useTranslation();
  const items = corrections(dialogue);
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <p className={classes.lead}>{t("tutor.onlyYou")}</p>
        <Button
          variant="light"
          leftSection={<IconMessageCheck size={18} aria-hidden="true" />}
          onClick={onAsk}
        >
          {t("tutor.askFeedback")}
        </Button>
      </div>
      <div role="status">
        {dialogue.praise && <NothingToShow praise={dialogue.praise} language={language} />}
      </div>
      {items.length === 0 && !dialogue.praise && <p className={classes.lead}>{t("tutor.noFeedback")}</p>}
      {items.length > 0 && (
        <ul className={classes.list}>
          {items.map((item) => (
            <li key={item.id}>
              <FeedbackCard item={item} language={language}>
                <HearInTalk text={item.correctedSentence} language={language} />
              </FeedbackCard>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Praise is in the tutor's words; that nothing was checked is a text of the page. */
function NothingToShow({ praise, language }: { praise: NonNullable<Dialogue["praise"]>; language: string }) {
  const { t } = useTranslation();
  const names = useNames();
  if (praise.reason === "right") return <p className={classes.praise}>{praise.text}</p>;
  return (
    <p className={classes.lead}>
      {t(`tutor.notChecked.${praise.reason}`, { language: names.languageInText(language) })}
    </p>
  );
}

/** Announces new corrections, because the panel may not be visible. */
export function FeedbackAnnouncer({ dialogue }: { dialogue: Dialogue }) {
  const { t } = useTranslation();
  const newest = corrections(dialogue)[0];
  return (
    <VisuallyHidden role="log" aria-live="polite" aria-label={t("tutor.feedback")}>
      {newest &&
        (newest.hint
          ? t("tutor.tryAgain", { hint: newest.hint })
          : t("tutor.newFeedback", { sentence: newest.correctedSentence }))}
    </VisuallyHidden>
  );
}

/** Newest first. */
export function corrections(dialogue: Dialogue): FeedbackItem[] {
  return dialogue.lines.flatMap((line) => line.feedback).reverse();
}

interface CardProps {
  item: FeedbackItem;
  language: string;
  /** Shown with the answer. */
  children?: React.ReactNode;
}

export function FeedbackCard({ item, language, children }: CardProps) {
  const { t } = useTranslation();
  return (
    <article className={classes.card}>
      <p className={classes.category}>{t(`tutor.categories.${item.category}`)}</p>
      <Correction item={item} language={language}>
        <Explanation text={item.explanation} className={classes.why} />
        {children}
      </Correction>
    </article>
  );
}

interface LatestProps {
  dialogue: Dialogue;
  language: string;
  onAll(): void;
}

/** The newest correction, until it is closed. Nobody else in the room gets it. */
export function LatestFeedback({ dialogue, language, onAll }: LatestProps) {
  const { t } = useTranslation();
  const [putAway, setPutAway] = useState<string | null>(null);
  const items = corrections(dialogue);
  const [newest] = items;
  return (
    <>
      <FeedbackAnnouncer dialogue={dialogue} />
      {newest && newest.id !== putAway && (
        <div className={classes.latest}>
          <div className={classes.latestHead}>
            <p className={classes.private}>{t("tutor.onlyYou")}</p>
            {items.length > 1 && (
              <Button size="compact-sm" variant="subtle" onClick={onAll}>
                {t("tutor.allFeedback", { count: items.length })}
              </Button>
            )}
            <CloseButton
              size={44}
              iconSize={20}
              aria-label={t("app.close")}
              onClick={() => setPutAway(newest.id)}
            />
          </div>
          <FeedbackCard item={newest} language={language}>
            <HearInTalk text={newest.correctedSentence} language={language} />
          </FeedbackCard>
        </div>
      )}
    </>
  );
}
