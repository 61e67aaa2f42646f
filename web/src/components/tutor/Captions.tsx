import { useTranslation } from "react-i18next";
import { type CallHook, TUTOR, useDialogue, useSettings } from "../../hooks";
import type { Tutor } from "../../protocol";
import classes from "./Captions.module.css";

/** Number of lines shown. */
const SHOWN = 2;

/** The last lines of the conversation with the tutor. Lines of others arrive only if the host turned captions on. */
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
