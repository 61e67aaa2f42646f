import type { Level } from "../../protocol";

export interface Sitter {
  level: Level;
  x: number;
  y: number;
  scale: number;
  skin: string;
  hair: string;
  style: "short" | "long" | "bun" | "cap";
  shirt: string;
}

const HAIR: Record<Sitter["style"], string> = {
  short: "M-17,-62 a17,17 0 0 1 34,0 q-6,-9 -17,-9 t-17,9z",
  long: "M-19,-38 v-24 a19,19 0 0 1 38,0 v24 h-6 v-22 q-6,-8 -13,-8 t-13,8 v22z",
  bun: "M-17,-61 a17,17 0 0 1 34,0 q-7,-8 -17,-8 t-17,8z M-8,-80 a8,7 0 1 1 16,0z",
  cap: "M-18,-63 a18,17 0 0 1 36,0 h8 a2,2 0 0 1 0,4 h-44z",
};

/** One person in an armchair of their level's colour; the origin is the middle of the seat. */
export function SceneSeat({ level, x, y, scale, skin, hair, style, shirt }: Sitter) {
  return (
    <g transform={`translate(${x} ${y}) scale(${scale})`} data-level={level}>
      <ellipse cx="0" cy="50" rx="54" ry="8" fill="#000" opacity="0.12" />
      <rect x="-38" y="-66" width="76" height="92" rx="28" fill="var(--level-solid)" />
      <rect x="-38" y="-66" width="76" height="92" rx="28" fill="#000" opacity="0.1" />
      <path d="M-27,14 v-28 a18,18 0 0 1 18,-18 h18 a18,18 0 0 1 18,18 v28z" fill={shirt} />
      <rect x="-6" y="-44" width="12" height="16" rx="5" fill={skin} />
      <circle cx="0" cy="-56" r="16" fill={skin} />
      <path d={HAIR[style]} fill={hair} />
      <circle cx="-6" cy="-56" r="1.8" fill="#2b2320" />
      <circle cx="6" cy="-56" r="1.8" fill="#2b2320" />
      <path d="M-5,-49 q5,5 10,0" fill="none" stroke="#2b2320" strokeWidth="1.8" strokeLinecap="round" />
      <rect x="-42" y="2" width="84" height="36" rx="10" fill="var(--level-solid)" />
      <rect x="-52" y="-18" width="25" height="60" rx="12.5" fill="var(--level-solid)" />
      <rect x="27" y="-18" width="25" height="60" rx="12.5" fill="var(--level-solid)" />
      <rect x="-52" y="-18" width="25" height="60" rx="12.5" fill="#fff" opacity="0.16" />
      <rect x="27" y="-18" width="25" height="60" rx="12.5" fill="#fff" opacity="0.16" />
      <rect x="-44" y="41" width="8" height="10" rx="3" fill="#6d4607" />
      <rect x="36" y="41" width="8" height="10" rx="3" fill="#6d4607" />
      <text x="0" y="27" textAnchor="middle" fontSize="17" fontWeight="700" fill="#221a10">
        {level}
      </text>
    </g>
  );
}
