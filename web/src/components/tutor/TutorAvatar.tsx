import { IconSparkles } from "@tabler/icons-react";
import type { Tutor } from "../../protocol";
import classes from "./TutorAvatar.module.css";

interface Props {
  tutor: Tutor;
  /** The server is out of reach, so the state is not known. */
  isStale: boolean;
  size?: number;
}

/** The tutor's mark, which shows its state. It does not look like a person. Decorative. */
export function TutorAvatar({ tutor, isStale, size = 44 }: Props) {
  const known = tutor.status === "ready" ? tutor.state : tutor.status;
  const state = isStale ? "unknown" : known;
  return (
    <span
      className={classes.face}
      data-state={state}
      style={{ "--size": `${size}px` } as React.CSSProperties}
    >
      <IconSparkles size={size * 0.5} aria-hidden="true" />
    </span>
  );
}
