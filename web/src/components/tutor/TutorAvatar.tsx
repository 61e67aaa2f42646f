import { IconSparkles } from "@tabler/icons-react";
import type { Tutor } from "../../protocol";
import classes from "./TutorAvatar.module.css";

/** The tutor is no person and does not look like one: a mark that shows what it does now. Decoration. */
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
