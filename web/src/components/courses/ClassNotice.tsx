import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ClassHook } from "../../hooks";
import { microphoneProblem } from "../common/microphone-problem";
import classes from "./Courses.module.css";

/** Shows the tutor's state and the error of the class in words. */
export function ClassNotice({ lesson }: { lesson: ClassHook }) {
  const { t } = useTranslation();
  const problem = microphoneProblem(lesson.microphone);
  const { trouble } = lesson;
  return (
    <>
      <p role="status" className={classes.state} data-testid="class-state">
        {t(`courses.state.${stateOf(lesson)}`)}
      </p>
      {trouble && (
        <Alert role="alert" color="red" className={classes.alert}>
          {t(`courses.trouble.${trouble.kind}`)}
          {trouble.text && <span lang="en"> {trouble.text}</span>}
        </Alert>
      )}
      {problem && lesson.phase !== "idle" && (
        <Alert role="alert" color="red" title={t(`prejoin.${problem}Title`)} className={classes.alert}>
          {t(`prejoin.${problem}Text`)}
        </Alert>
      )}
    </>
  );
}

function stateOf({ phase, isHeard, sound, talk, isMicrophoneOn, isListening }: ClassHook) {
  if (phase !== "teaching" && phase !== "finished") return phase;
  if (isHeard) return "hears";
  const last = talk.at(-1);
  if (last && last.said === null) return "asks";
  if (sound === "answer") return "answers";
  if (last?.answer === null) return "thinks";
  if (phase === "finished") return "finished";
  return isMicrophoneOn && isListening ? "open" : "teaching";
}
