import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Dialogue, TUTOR } from "../../hooks";
import type { Tutor } from "../../protocol";
import { DialogueBubble } from "../tutor/DialogueBubble";
import classes from "./DialogueView.module.css";

interface Props {
  dialogue: Dialogue;
  tutor: Tutor;
  /** Shown below the last line. */
  children?: React.ReactNode;
}

/** New lines are scrolled into view if the end is closer than this. */
const FOLLOWS_PX = 160;

export function DialogueView({ dialogue, tutor, children }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLElement>(null);
  const height = useRef(0);
  const newest = dialogue.lines.at(-1);
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
          />
        ))}
      </ol>
      {children}
    </section>
  );
}
