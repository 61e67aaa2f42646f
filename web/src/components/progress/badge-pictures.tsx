import type { ReactNode } from "react";
import type { Achievement } from "../../protocol";

export type BadgeName = Achievement["name"];
/** The subject of a badge gives its colour; the effort it takes gives its rim: copper, silver, gold. */
export type Family = "talk" | "light" | "people" | "mend" | "learn";

interface Picture {
  family: Family;
  rank: 1 | 2 | 3;
  /** Drawn with lines of 2.6 in a square of 48; `fill` is that of the badge's ink. */
  sign: ReactNode;
}

const FIGURE = "M0 -5.5a4.5 4.5 0 1 0 .01 0ZM-7.5 14c0-5 3.4-8 7.5-8s7.5 3 7.5 8";

/** Somebody, head and shoulders. */
const Figure = ({ x, y = 24, size = 1 }: { x: number; y?: number; size?: number }) => (
  <path d={FIGURE} transform={`translate(${x} ${y}) scale(${size})`} />
);

/** A star with five points around the middle of the square's part. */
const Star = ({ x, y, size }: { x: number; y: number; size: number }) => (
  <path
    className="solid"
    d="M0-5 1.5-1.6 5-1.2 2.4 1.3 3.1 5 0 3.1-3.1 5-2.4 1.3-5-1.2-1.5-1.6Z"
    transform={`translate(${x} ${y}) scale(${size})`}
  />
);

/** The pictures of the achievements, drawn for Parlor. */
export const PICTURES: Record<BadgeName, Picture> = {
  first_talk: {
    family: "talk",
    rank: 1,
    sign: (
      <>
        <path d="M9 12h30a3 3 0 0 1 3 3v15a3 3 0 0 1-3 3H23l-8 7v-7H9a3 3 0 0 1-3-3V15a3 3 0 0 1 3-3Z" />
        <Star x={24} y={22.5} size={1.35} />
      </>
    ),
  },
  first_room: {
    family: "people",
    rank: 1,
    sign: (
      <>
        <path d="M13 42V10a3 3 0 0 1 3-3h16a3 3 0 0 1 3 3v32M8 42h32" />
        <path d="M17 42V14l12-4v32" />
        <circle className="solid" cx="25.5" cy="27" r="1.8" />
      </>
    ),
  },
  first_class: {
    family: "learn",
    rank: 1,
    sign: (
      <>
        <path d="M24 14c-4-3.5-10-4.5-17-4v25c7-.5 13 .5 17 4 4-3.5 10-4.5 17-4V10c-7-.5-13 .5-17 4Z" />
        <path d="M24 14v25M12.5 17.5c2.5 0 4.5.3 6.5 1M12.5 24c2.5 0 4.5.3 6.5 1M35.5 17.5c-2.5 0-4.5.3-6.5 1M35.5 24c-2.5 0-4.5.3-6.5 1" />
      </>
    ),
  },
  one_hour: {
    family: "talk",
    rank: 2,
    sign: (
      <>
        <circle cx="24" cy="24" r="17" />
        <path d="M24 13v11M24 24l8 5M24 7v3M41 24h-3M24 41v-3M7 24h3" />
      </>
    ),
  },
  ten_hours: {
    family: "talk",
    rank: 3,
    sign: (
      <>
        <path d="M12 7h24M12 41h24M14.5 7v6c0 5 4 8 9.5 11 5.5-3 9.5-6 9.5-11V7M14.5 41v-6c0-5 4-8 9.5-11 5.5 3 9.5 6 9.5 11v6" />
        <path className="solid" d="M18.5 37.5c0-2.5 2.5-4.5 5.5-6.5 3 2 5.5 4 5.5 6.5Z" />
        <path d="M20 14.5h8" />
      </>
    ),
  },
  days_10: {
    family: "light",
    rank: 1,
    sign: (
      <>
        <path d="M10 11h28a2.5 2.5 0 0 1 2.5 2.5v25A2.5 2.5 0 0 1 38 41H10a2.5 2.5 0 0 1-2.5-2.5v-25A2.5 2.5 0 0 1 10 11ZM7.5 19h33M16 7v7M32 7v7" />
        <path d="m16.5 30 5 5 10-10" />
      </>
    ),
  },
  days_50: {
    family: "light",
    rank: 3,
    sign: (
      <>
        <path d="M24 42V22M24 30c-7 0-12-3.5-13-11 7-.5 12 3 13 11ZM24 25c0-8 4.5-13.5 13-15 1 8.5-4 14.5-13 15ZM14 42h20" />
        <circle className="solid" cx="13" cy="10" r="2.2" />
      </>
    ),
  },
  streak_3: {
    family: "light",
    rank: 1,
    sign: (
      <>
        <path d="M18.5 23h11v17h-11ZM12 40h24M24 23v-4" />
        <path
          className="solid"
          d="M24 18.5c-3.5 0-5-2.5-4-5.5.8-2.5 3-3.5 4-7 2.5 3.5 5 5 5 8 0 2.7-2 4.5-5 4.5Z"
        />
        <path d="M22 28.5v4" />
      </>
    ),
  },
  streak_7: {
    family: "light",
    rank: 2,
    sign: (
      <>
        <path d="M17 8h14l7 17H10ZM24 25v12M15.5 41h17c0-2.5-3-4-8.5-4s-8.5 1.5-8.5 4ZM33 25v5" />
        <circle className="solid" cx="33" cy="32" r="1.9" />
        <path d="M17 20l2-7" />
      </>
    ),
  },
  streak_30: {
    family: "light",
    rank: 3,
    sign: (
      <>
        <circle className="solid" cx="24" cy="24" r="8.5" />
        <path d="M24 6v5M24 37v5M6 24h5M37 24h5M11.3 11.3l3.5 3.5M33.2 33.2l3.5 3.5M36.7 11.3l-3.5 3.5M14.8 33.2l-3.5 3.5" />
      </>
    ),
  },
  people_1: {
    family: "people",
    rank: 1,
    sign: (
      <>
        <Figure x={15.5} y={22} />
        <Figure x={32.5} y={22} />
        <path d="M21.5 11.5h5" />
      </>
    ),
  },
  people_10: {
    family: "people",
    rank: 2,
    sign: (
      <>
        <ellipse cx="24" cy="27" rx="10.5" ry="7" />
        <circle className="solid" cx="24" cy="10" r="3.6" />
        <circle className="solid" cx="9" cy="18" r="3.6" />
        <circle className="solid" cx="39" cy="18" r="3.6" />
        <circle className="solid" cx="11" cy="36" r="3.6" />
        <circle className="solid" cx="37" cy="36" r="3.6" />
        <path d="M24 34v7M19 41h10" />
      </>
    ),
  },
  people_50: {
    family: "people",
    rank: 3,
    sign: (
      <>
        <circle cx="24" cy="24" r="16.5" />
        <path d="M7.5 24h33M24 7.5c-9 8-9 25 0 33 9-8 9-25 0-33M11 14.5c7 4 19 4 26 0M11 33.5c7-4 19-4 26 0" />
      </>
    ),
  },
  mended_1: {
    family: "mend",
    rank: 1,
    sign: (
      <>
        <path d="M38.5 9.5 17 31M41 7c-3-1-6 .5-7 3 2.5 1 5 .5 7-3Z" />
        <path d="M17 31c-3 3-5 6.5-3.5 8.5s5 .5 6.5-3 4-4 6-2 1 5 4 5.5 5-1.5 5-4" />
      </>
    ),
  },
  mended_25: {
    family: "mend",
    rank: 2,
    sign: (
      <>
        <path d="M24 41C13 33.5 7 27 7 18.5 7 12.5 11.5 9 16 9c3.5 0 6.5 2 8 5 1.5-3 4.5-5 8-5 4.5 0 9 3.5 9 9.5C41 27 35 33.5 24 41Z" />
        <path d="m17 20 13 10M18 27l3.5-4.5M22.5 30.5 26 26M27 34l3.3-4" />
      </>
    ),
  },
  mended_100: {
    family: "mend",
    rank: 3,
    sign: (
      <>
        <path d="M8 13h26v12c0 8-5 13-13 13S8 33 8 25ZM34 17h3a5.5 5.5 0 0 1 0 11h-3.3M10 42h22" />
        <path d="m19 13 3.5 6.5-4 5 5 5.5-2 8M22.5 19.5l6 2M18.5 24.5 13 27" />
      </>
    ),
  },
  words_30: {
    family: "learn",
    rank: 1,
    sign: (
      <>
        <path d="M17 15h20a2.5 2.5 0 0 1 2.5 2.5v20A2.5 2.5 0 0 1 37 40H17a2.5 2.5 0 0 1-2.5-2.5v-20A2.5 2.5 0 0 1 17 15Z" />
        <path d="M9 33.5V11.5A2.5 2.5 0 0 1 11.5 9H33M21.5 34.5 27 21l5.5 13.5M23.5 30h7" />
      </>
    ),
  },
  mastered_10: {
    family: "learn",
    rank: 2,
    sign: (
      <>
        <circle cx="16" cy="19" r="9" />
        <circle className="solid" cx="14" cy="17" r="2.4" />
        <path d="m22.5 25.5 15.5 15M31 33.5l4.5-4.5M36 38.5l3.5-3.5" />
      </>
    ),
  },
  topics_10: {
    family: "talk",
    rank: 2,
    sign: (
      <>
        <path d="M23 6v36M16 42h14" />
        <path d="M23 10h13l5 4.5-5 4.5H23ZM23 23H11l-5 4.5 5 4.5h12Z" />
      </>
    ),
  },
  goal_4: {
    family: "learn",
    rank: 3,
    sign: (
      <>
        <path d="M4 41 17.5 21l6 8 5-7L44 41ZM28.5 22V6" />
        <path className="solid" d="M28.5 6.5 40 10.5l-11.5 4Z" />
        <path d="m13 27.5 4.5 3 3.5-3.5" />
      </>
    ),
  },
};
