import { useTranslation } from "react-i18next";
import { type CallHook, TUTOR, useDialogue, useSettings } from "../../hooks";
import type { Tutor } from "../../protocol";
import classes from "./Captions.module.css";

/** Lines that are shown at once. */
const SHOWN = 2;

/** The last words with the tutor, as subtitles; of others only where the host turned captions on. */
export function Captions({ call, tutor }: { call: CallHook; tutor: Tutor }) {
  const { t } = useTranslation();
  const { captions } = useSettings();
  const { lines } = useDialogue();
  const nameOf = (speaker: string) =>
    speaker === TUTOR ? tutor.name : call.participants.find(({ id }) => id === speaker)?.name;
  const shown = lines.slice(-SHOWN);
  if (!captions || shown.length === 0) return null;
  return (
    <section className={classes.captions} aria-label={t("tutor.captions")}>
      {shown.map((line) => (
        <p key={line.key} className={classes.line}>
          <span className={classes.name}>{nameOf(line.speaker) ?? t("tutor.somebody")}:</span>{" "}
          <span lang={tutor.language}>{line.spoken ?? line.text}</span>
        </p>
      ))}
    </section>
  );
}
