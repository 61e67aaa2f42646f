import { IconSparkles } from "@tabler/icons-react";
import type { Tutor } from "../../protocol";
import classes from "./TutorAvatar.module.css";

/** The tutor's mark, which shows its state. It does not look like a person. Decorative. */
export function TutorAvatar({ tutor, size = 44 }: { tutor: Tutor; size?: number }) {
  const state = tutor.status === "ready" ? tutor.state : tutor.status;
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
