import { useRef } from "react";
import { useSpeakingLevel } from "../../hooks";
import type { Participant } from "../../protocol";
import { PersonAvatar } from "../common/PersonAvatar";
import classes from "./SpeakingAvatar.module.css";

interface Props {
  person: Participant;
  isSpeaking: boolean;
  /** Marks at the edge of the avatar. */
  children?: React.ReactNode;
}

/** The ring follows the voice level, on animation frames and without rendering. */
export function SpeakingAvatar({ person, isSpeaking, children }: Props) {
  const ring = useRef<HTMLDivElement>(null);
  useSpeakingLevel(person.id, (level) => ring.current?.style.setProperty("--voice", level.toFixed(2)));
  return (
    <div ref={ring} className={classes.ring} data-speaking={isSpeaking} data-connection={person.connection}>
      <PersonAvatar person={person} size="100%" className={classes.face} />
      {children}
    </div>
  );
}
