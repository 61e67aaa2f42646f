import classes from "./Parlour.module.css";

interface Props {
  /** Rows of people, in wide and in narrow windows: the first row sits against the wall. */
  rows: { wide: number; narrow: number };
  children: React.ReactNode;
}

/** The room of the landing page, seen from inside: wallpaper, lamp and rug behind the people. The picture is decorative. */
export function Parlour({ rows, children }: Props) {
  return (
    <div
      className={classes.parlour}
      style={{ "--rows-wide": rows.wide, "--rows-narrow": rows.narrow } as React.CSSProperties}
    >
      <svg className={classes.wall} aria-hidden="true" focusable="false">
        <defs>
          <pattern id="parlour-paper" width="40" height="40" patternUnits="userSpaceOnUse">
            <path d="M20,6 q8,10 0,20 q-8,-10 0,-20z" />
            <circle cx="0" cy="36" r="2" />
            <circle cx="40" cy="36" r="2" />
          </pattern>
        </defs>
        <rect width="100%" height="100%" fill="url(#parlour-paper)" />
      </svg>
      <div className={classes.floor} aria-hidden="true">
        <div className={classes.rug} />
      </div>
      <div className={classes.light} aria-hidden="true" />
      <svg className={classes.lamp} viewBox="0 0 96 56" aria-hidden="true" focusable="false">
        <rect x="46" width="4" height="16" />
        <path d="M14,52 L32,14 h32 L82,52z" />
        <ellipse cx="48" cy="52" rx="34" ry="4" />
      </svg>
      {children}
    </div>
  );
}
