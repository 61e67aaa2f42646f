import type { Tutor } from "../../protocol";
import { TutorFace } from "../common/TutorFace";
import classes from "./TutorAvatar.module.css";

interface Props {
  tutor: Tutor;
  /** The server is out of reach, so the state is not known. */
  isStale: boolean;
  size?: number;
}

/** The tutor's face in a ring that shows its state. Decorative. */
export function TutorAvatar({ tutor, isStale, size = 44 }: Props) {
  const known = tutor.status === "ready" ? tutor.state : tutor.status;
  const state = isStale ? "unknown" : known;
  return (
    <span
      className={classes.face}
      data-state={state}
      style={{ "--size": `${size}px` } as React.CSSProperties}
    >
      <TutorFace size="100%" />
    </span>
  );
}
