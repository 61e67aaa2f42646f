import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CoachHook } from "../../hooks";
import { WordDiff } from "../tutor/WordDiff";
import classes from "./Coach.module.css";

type Line = CoachHook["lines"][number];

/** Shows the words of learner and coach, with the corrections. */
export function CoachTalk({ coach, language }: { coach: CoachHook; language: string }) {
  const { t } = useTranslation();
  const { lines, partial, isReplying } = coach;
  const box = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the words
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [lines, partial]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <section ref={box} className={classes.talk} tabIndex={0} aria-label={t("practice.conversation")}>
      {lines.length === 0 && partial === "" && <p className={classes.note}>{t("coach.begin")}</p>}
      {/* A reply grows word by word: it is read out once it is complete. */}
      <div role="log" aria-busy={isReplying} aria-label={t("practice.conversation")}>
        <ol className={classes.lines}>
          {lines.map((line, index) => (
            <li key={line.id} data-kind={line.kind} data-open={isReplying && index === lines.length - 1}>
              <Words line={line} language={language} />
            </li>
          ))}
        </ol>
      </div>
      {partial !== "" && (
        <p className={classes.partial} lang={language} dir="auto">
          {partial} …
        </p>
      )}
    </section>
  );
}

function Words({ line, language }: { line: Line; language: string }) {
  const { t } = useTranslation();
  if (line.kind === "correction")
    return (
      <>
        <strong>{t("coach.correction")}</strong>
        <WordDiff before={line.original} after={line.corrected} language={language} />
        <p dir="auto">{line.explanation}</p>
      </>
    );
  return (
    <>
      <strong>{t(line.kind === "learner" ? "coach.you" : "coach.coach")}</strong>{" "}
      <span lang={language} dir="auto">
        {line.text}
      </span>
    </>
  );
}
