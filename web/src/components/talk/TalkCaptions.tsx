import { useTranslation } from "react-i18next";
import { type Dialogue, type DialogueLine, TUTOR } from "../../hooks";
import type { Tutor } from "../../protocol";
import { Helplines } from "../tutor/Helplines";
import classes from "./TalkLive.module.css";

/** The exchange that is going on: what the person has said, and the answer. */
export function TalkCaptions({ dialogue, tutor }: { dialogue: Dialogue; tutor: Tutor | null }) {
  const { t } = useTranslation();
  const { mine, answer } = exchange(dialogue.lines);
  const language = tutor?.language;
  return (
    <div className={classes.captions}>
      {mine && (
        <p className={classes.mine} data-open={mine.isOpen} lang={language} dir="auto">
          {mine.text}
        </p>
      )}
      {answer && (
        <p className={classes.answer} data-open={answer.isOpen} lang={language} dir="auto">
          {answer.spoken ?? answer.text}
          {answer.spoken !== null && <span className={classes.cut}> {t("tutor.cutShort")}</span>}
        </p>
      )}
      {answer?.helplines && <Helplines lines={answer.helplines} />}
    </div>
  );
}

/** The newest words of each; an answer to words of before is not the answer to these. */
export function exchange(lines: readonly DialogueLine[]): { mine?: DialogueLine; answer?: DialogueLine } {
  const at = lines.findLastIndex(({ speaker }) => speaker !== TUTOR);
  const mine = lines[at];
  const answer = lines.slice(at + 1).findLast(({ speaker }) => speaker === TUTOR);
  return { ...(mine ? { mine } : {}), ...(answer ? { answer } : {}) };
}
