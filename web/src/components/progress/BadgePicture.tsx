import classes from "./Badges.module.css";
import { type BadgeName, PICTURES } from "./badge-pictures";

interface Props {
  name: BadgeName;
  /** Not yet earned: grey, without its rim's metal. */
  isEarned: boolean;
  size?: number;
}

/** Twelve waves around the middle of a square of 72. */
const RIM = rim(12, 31, 34);

/** The picture of an achievement. Its name is in the text beside it, so the picture itself is decoration. */
export function BadgePicture({ name, isEarned, size = 88 }: Props) {
  const { family, rank, sign } = PICTURES[name];
  return (
    <svg
      className={classes.picture}
      data-family={family}
      data-rank={rank}
      data-earned={isEarned}
      viewBox="0 0 72 72"
      width={size}
      height={size}
      aria-hidden="true"
    >
      <path className={classes.rim} d={RIM} />
      <circle className={classes.ground} cx="36" cy="36" r="27" />
      <circle className={classes.ring} cx="36" cy="36" r="24.5" />
      <g className={classes.sign} transform="translate(18 18) scale(0.75)">
        {sign}
      </g>
    </svg>
  );
}

function rim(waves: number, inner: number, outer: number): string {
  const at = (turn: number, radius: number) => {
    const angle = turn * 2 * Math.PI;
    return `${(36 + radius * Math.sin(angle)).toFixed(2)} ${(36 - radius * Math.cos(angle)).toFixed(2)}`;
  };
  const parts = Array.from({ length: waves }, (_, n) => {
    const top = at((n + 0.5) / waves, outer * 1.06);
    return `Q${top} ${at((n + 1) / waves, inner)}`;
  });
  return `M${at(0, inner)}${parts.join("")}Z`;
}
