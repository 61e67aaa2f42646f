import classes from "./TutorFace.module.css";

interface Props {
  /** Pixels, or any CSS length. */
  size: number | string;
  className?: string | undefined;
}

/** The one face of the tutor: the lamp of the parlour. It does not look like a person. Decorative. */
export function TutorFace({ size, className }: Props) {
  return (
    <svg
      className={`${classes.face} ${className ?? ""}`}
      viewBox="0 0 64 64"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      <rect className={classes.ground} width="64" height="64" />
      <circle className={classes.light} cx="32" cy="36" r="26" />
      <path className={classes.shade} d="M15,43 L23,15 q0.8,-3 4,-3 h10 q3.2,0 4,3 L49,43 z" />
      <path className={classes.foot} d="M30,44 h4 v9 h6 a2,2 0 0 1 0,4 h-16 a2,2 0 0 1 0,-4 h6z" />
      <circle cx="26.5" cy="28" r="2.5" />
      <circle cx="37.5" cy="28" r="2.5" />
      <path className={classes.smile} d="M26.5,34.5 q5.5,5 11,0" />
    </svg>
  );
}
