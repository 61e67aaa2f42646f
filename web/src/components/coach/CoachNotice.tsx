import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CoachHook } from "../../hooks";
import { useNames } from "../../i18n/names";
import { microphoneProblem } from "../common/microphone-problem";
import classes from "./Coach.module.css";

/** Shows the state of the session and its error in words. */
export function CoachNotice({ coach, language }: { coach: CoachHook; language: string }) {
  const { t } = useTranslation();
  const name = useNames().languageInText(language);
  const { phase, trouble, correction, hears, engines } = coach;
  const isMute = engines !== null && engines.tts === null;
  const isOpen = phase !== "connecting" && phase !== "failed";
  const problem = microphoneProblem(coach.microphone);
  return (
    <>
      <p role="status" className={classes.state} data-phase={phase} data-testid="coach-state">
        {correction && phase === "ready"
          ? t(`coach.asked.${correction}`)
          : phase === "ready" && !hears
            ? t("coach.readyToType")
            : t(`coach.state.${phase}`)}
        {phase === "speaking" && hears && ` ${t("coach.interrupt")}`}
      </p>
      {trouble && (
        <Alert role="alert" color="red">
          {t(`coach.trouble.${trouble.kind}`)}
          {trouble.text && <span lang="en"> {trouble.text}</span>}
        </Alert>
      )}
      {isOpen && (!hears || isMute) && (
        <Alert color="brass">
          {!hears && t("tutor.noStt", { language: name })} {isMute && t("tutor.noTts", { language: name })}
        </Alert>
      )}
      {problem && hears && phase !== "failed" && (
        <Alert role="alert" color="red" title={t(`prejoin.${problem}Title`)}>
          {t(`talk.microphone.${problem}`)}
        </Alert>
      )}
    </>
  );
}
