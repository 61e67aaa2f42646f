import { useTranslation } from "react-i18next";
import { type CallHook, type DialogueLine, TUTOR, useDialogue, useSettings } from "../../hooks";
import type { Tutor } from "../../protocol";
import classes from "./Captions.module.css";
import { useCurrentLines } from "./useCurrentLines";

/** Number of lines shown. */
const SHOWN = 2;

const wordsOf = (line: DialogueLine) => line.spoken ?? line.text;

/**
 * Shows the current lines of the tutor and of people who talk to it. Lines of others arrive only if the host turned
 * captions on. The captions keep their place while nobody talks, so that the room does not move with each sentence.
 */
export function Captions({ call, tutor }: { call: CallHook; tutor: Tutor }) {
  const { t } = useTranslation();
  const { captions } = useSettings();
  const shown = useCurrentLines(useDialogue().lines.slice(-SHOWN));
  const nameOf = (speaker: string) =>
    speaker === TUTOR ? tutor.name : call.participants.find(({ id }) => id === speaker)?.name;
  if (!captions) return null;
  if (shown.length === 0) return <div className={classes.place} aria-hidden="true" />;
  return (
    <section className={classes.place} aria-label={t("tutor.captions")}>
      {shown.map((line) => (
        <p key={line.key} className={classes.line} dir="auto">
          <bdi className={classes.name}>{nameOf(line.speaker) ?? t("tutor.somebody")}:</bdi>{" "}
          <bdi lang={tutor.language}>{wordsOf(line)}</bdi>
        </p>
      ))}
    </section>
  );
}
