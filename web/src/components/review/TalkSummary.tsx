import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useTalkSummary } from "../../hooks";
import type { TalkSummary as Summary } from "../../protocol";
import { KeepPrompt } from "../account/KeepPrompt";
import { FeedbackCard } from "../tutor/Feedback";
import { SayAgain } from "./SayAgain";
import classes from "./TalkSummary.module.css";

interface Props {
  conversationId: string;
  /** The talk ended on this page: its last words may not be stored yet. */
  hasJustEnded?: boolean;
}

/** After a talk: what went well, corrections to keep, words. Nothing where nothing was said. */
export function TalkSummary({ conversationId, hasJustEnded = false }: Props) {
  const { t } = useTranslation();
  const { data } = useTalkSummary(conversationId, { hasJustEnded });
  if (!data || data.turns === 0) return null;
  return (
    <section className={classes.summary} aria-labelledby="talk-summary">
      <h2 id="talk-summary">{t("summary.title")}</h2>
      <WentWell summary={data} />
      <Keep summary={data} />
      {data.words.length > 0 && (
        <>
          <h3>{t("summary.words")}</h3>
          <p lang={data.language} dir="auto">
            {data.words.map(({ word }) => word).join(", ")}
          </p>
          <Anchor component={Link} to="/practice/words">
            {t("words.title")}
          </Anchor>
        </>
      )}
      {hasJustEnded && <KeepPrompt />}
    </section>
  );
}

function WentWell({ summary }: { summary: Summary }) {
  const { t, i18n } = useTranslation();
  const { speakingMinutes, turns, sentences, right, mended, used, language } = summary;
  const minutes = speakingMinutes.toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  return (
    <>
      <h3>{t("summary.well")}</h3>
      <ul className={classes.facts}>
        <li>
          {t("summary.turns", { count: turns })}
          {speakingMinutes > 0 && ` ${t("summary.minutes", { minutes })}`}
        </li>
        {sentences !== null && right !== null && sentences > 0 && (
          <li>{t("summary.right", { right, count: sentences })}</li>
        )}
        {mended.map((item) => (
          <li key={item.id}>
            {t("summary.mended")}{" "}
            <q lang={language} dir="auto">
              {item.correctedSentence}
            </q>
          </li>
        ))}
        {used.map((words) => (
          <li key={words}>
            {t("summary.used")}{" "}
            <q lang={language} dir="auto">
              {words}
            </q>
          </li>
        ))}
      </ul>
    </>
  );
}

function Keep({ summary: { keep, corrections, sentences, language } }: { summary: Summary }) {
  const { t } = useTranslation();
  if (keep.length === 0) {
    // Without a checker there is nothing to say about mistakes.
    return sentences === null ? null : <p className={classes.none}>{t("summary.nothing")}</p>;
  }
  return (
    <>
      <h3>{t("summary.keep", { count: keep.length })}</h3>
      <ul className={classes.kept}>
        {keep.map(({ item, times }) => (
          <li key={item.id}>
            <FeedbackCard item={{ ...item, hint: null }} language={language} />
            {times > 1 && <p className={classes.none}>{t("mistakes.times", { count: times })}</p>}
            <SayAgain text={item.correctedSentence} language={language} />
          </li>
        ))}
      </ul>
      <Anchor component={Link} to="/practice/mistakes">
        {t("summary.review", { count: corrections })}
      </Anchor>
    </>
  );
}
