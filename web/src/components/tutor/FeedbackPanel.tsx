import { Button, VisuallyHidden } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { TalkLog } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { FeedbackItem } from "../../protocol";
import { FeedbackCard } from "./FeedbackCard";
import classes from "./FeedbackPanel.module.css";

interface Props {
  talk: TalkLog;
  language: string;
  onAsk(): void;
}

/** Corrections of this talk, the newest first: for their learner alone. */
export function FeedbackPanel({ talk, language, onAsk }: Props) {
  const { t } = useTranslation();
  const items = corrections(talk);
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <p className={classes.lead}>{t("tutor.onlyYou")}</p>
        <Button variant="light" leftSection={<IconSparkles size={18} aria-hidden="true" />} onClick={onAsk}>
          {t("tutor.askFeedback")}
        </Button>
      </div>
      <div role="status">{talk.praise && <NothingToShow praise={talk.praise} language={language} />}</div>
      {items.length === 0 && !talk.praise && <p className={classes.lead}>{t("tutor.noFeedback")}</p>}
      {items.length > 0 && (
        <ul className={classes.list}>
          {items.map((item) => (
            <li key={item.id}>
              <FeedbackCard item={item} language={language} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Praise is the tutor's own, in its words; that nothing was checked is the page's to say. */
function NothingToShow({ praise, language }: { praise: NonNullable<TalkLog["praise"]>; language: string }) {
  const { t } = useTranslation();
  const names = useNames();
  if (praise.reason === "right") return <p className={classes.praise}>{praise.text}</p>;
  return (
    <p className={classes.lead}>
      {t(`tutor.notChecked.${praise.reason}`, { language: names.language(language) })}
    </p>
  );
}

/** The panel may be out of sight: a correction is told wherever it is. */
export function FeedbackAnnouncer({ talk }: { talk: TalkLog }) {
  const { t } = useTranslation();
  const newest = corrections(talk)[0];
  return (
    <VisuallyHidden role="log" aria-live="polite" aria-label={t("tutor.feedback")}>
      {newest && t("tutor.newFeedback", { sentence: newest.correctedSentence })}
    </VisuallyHidden>
  );
}

/** Newest first. */
export function corrections(talk: TalkLog): FeedbackItem[] {
  return talk.lines.flatMap((line) => line.feedback).reverse();
}
