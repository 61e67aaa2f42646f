import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Dialogue, type DialogueLine, TUTOR } from "../../hooks";
import type { Tutor } from "../../protocol";
import { DialogueBubble } from "../tutor/DialogueBubble";
import classes from "./DialogueView.module.css";

interface Props {
  dialogue: Dialogue;
  tutor: Tutor;
  onMend(turnId: string, text: string): void;
  /** Shown below the last line. */
  children?: React.ReactNode;
}

/** New lines are scrolled into view if the end is closer than this. */
const FOLLOWS_PX = 160;

export function DialogueView({ dialogue, tutor, onMend, children }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLElement>(null);
  const height = useRef(0);
  const newest = dialogue.lines.at(-1);
  const lastOwn = dialogue.lines.findLast((line) => line.speaker !== TUTOR);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the words
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const wasAtEnd = height.current - element.scrollTop - element.clientHeight < FOLLOWS_PX;
    if (wasAtEnd) element.scrollTo({ top: element.scrollHeight });
    height.current = element.scrollHeight;
  }, [dialogue.lines.length, newest?.text, newest?.feedback.length, tutor.status]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <section ref={box} className={classes.chat} tabIndex={0} aria-label={t("practice.conversation")}>
      <ol className={classes.lines}>
        {dialogue.lines.map((line) => (
          <DialogueBubble
            key={line.key}
            line={line}
            speaker={line.speaker === TUTOR ? tutor.name : t("room.you")}
            language={tutor.language}
            conversationId={tutor.conversationId}
            isRunning
            onMend={mayMend(line, lastOwn) ? (text) => onMend(line.turnId, text) : undefined}
          />
        ))}
      </ol>
      {children}
    </section>
  );
}

/** One's last words, and those of which the recognizer was not sure. */
function mayMend(line: DialogueLine, lastOwn: DialogueLine | undefined): boolean {
  return line === lastOwn || line.confidence === "low" || line.confidence === "middle";
}
