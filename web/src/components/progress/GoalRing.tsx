import classes from "./GoalRing.module.css";

interface Props {
  /** From 0 to 1. */
  share: number;
  size?: number;
  /** Inside of the ring. */
  children?: React.ReactNode;
}

const RADIUS = 20;
const AROUND = 2 * Math.PI * RADIUS;

/** The done part of a goal, as a ring. The text beside it says the same. */
export function GoalRing({ share, size = 64, children }: Props) {
  const done = Math.min(1, Math.max(0, share));
  return (
    <span
      className={classes.ring}
      style={{ width: size, height: size }}
      data-full={done === 1}
      aria-hidden="true"
    >
      <svg viewBox="0 0 48 48" width={size} height={size} aria-hidden="true">
        <circle className={classes.track} cx="24" cy="24" r={RADIUS} />
        {done > 0 && (
          <circle
            className={classes.done}
            cx="24"
            cy="24"
            r={RADIUS}
            strokeDasharray={`${done * AROUND} ${AROUND}`}
            transform="rotate(-90 24 24)"
          />
        )}
      </svg>
      <span className={classes.inside}>{children}</span>
    </span>
  );
}
