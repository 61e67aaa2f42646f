import { useRef } from "react";
import { useSpeakingLevel } from "../../hooks";
import type { Participant } from "../../protocol";
import { PersonAvatar } from "../common/PersonAvatar";
import classes from "./SpeakingAvatar.module.css";

interface Props {
  person: Participant;
  isSpeaking: boolean;
  connection: Participant["connection"] | "unknown";
}

/** The ring follows the voice level, on animation frames and without rendering. */
export function SpeakingAvatar({ person, isSpeaking, connection }: Props) {
  const ring = useRef<HTMLDivElement>(null);
  useSpeakingLevel(person.id, (level) => ring.current?.style.setProperty("--voice", level.toFixed(2)));
  return (
    <div ref={ring} className={classes.ring} data-speaking={isSpeaking} data-connection={connection}>
      <PersonAvatar person={person} size="100%" className={classes.face} />
    </div>
  );
}
