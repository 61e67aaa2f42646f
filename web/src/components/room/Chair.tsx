import type { Level } from "../../protocol";
import classes from "./Chair.module.css";

interface Props {
  /** Written on the seat, which has the level's colour. */
  level: Level | null;
  /** The face of the person in the chair. */
  children: React.ReactNode;
}

/** The armchair of the landing page, drawn around a face. */
export function Chair({ level, children }: Props) {
  return (
    <div className={classes.chair} data-level={level ?? undefined}>
      <i className={classes.back} />
      {children}
      <span className={classes.seat}>{level}</span>
      <i className={classes.arm} data-side="start" />
      <i className={classes.arm} data-side="end" />
    </div>
  );
}
