import { useTranslation } from "react-i18next";
import type { Level } from "../../protocol";
import classes from "./ParlorScene.module.css";

const SITTERS: Sitter[] = [
  {
    level: "A1",
    x: 122,
    y: 250,
    scale: 0.92,
    skin: "#f1c7a3",
    hair: "#3b2a20",
    style: "long",
    shirt: "#f3efe6",
  },
  {
    level: "A2",
    x: 250,
    y: 216,
    scale: 0.86,
    skin: "#8d5a3c",
    hair: "#1f1714",
    style: "short",
    shirt: "#2f4858",
  },
  {
    level: "B1",
    x: 392,
    y: 216,
    scale: 0.86,
    skin: "#f6d5b8",
    hair: "#b8642d",
    style: "bun",
    shirt: "#0f6a72",
  },
  {
    level: "B2",
    x: 520,
    y: 250,
    scale: 0.92,
    skin: "#c98f65",
    hair: "#2a1e1a",
    style: "cap",
    shirt: "#f3efe6",
  },
  {
    level: "C1",
    x: 196,
    y: 378,
    scale: 1.08,
    skin: "#e7b48c",
    hair: "#6b6b6b",
    style: "short",
    shirt: "#34313f",
  },
  {
    level: "C2",
    x: 446,
    y: 378,
    scale: 1.08,
    skin: "#6f4630",
    hair: "#17110f",
    style: "long",
    shirt: "#f0b450",
  },
];

const BUBBLES = [
  { text: "Xin chào!", x: 52, y: 104, width: 112, lang: "vi" },
  { text: "¿Y tú?", x: 436, y: 84, width: 84, lang: "es" },
  { text: "So, tell me…", x: 236, y: 272, width: 136, lang: "en" },
];

/** The picture of the landing page: an armchair for each level around a lamp. */
export function ParlorScene() {
  const { t } = useTranslation();
  return (
    <svg className={classes.scene} viewBox="0 0 640 470" role="img" aria-label={t("landing.sceneAlt")}>
      <defs>
        <radialGradient id="lamplight">
          <stop offset="0" stopColor="var(--room-lamplight)" stopOpacity="0.75" />
          <stop offset="1" stopColor="var(--room-lamplight)" stopOpacity="0" />
        </radialGradient>
        <pattern id="wallpaper" width="40" height="40" patternUnits="userSpaceOnUse">
          <path d="M20,6 q8,10 0,20 q-8,-10 0,-20z" fill="var(--room-paper)" />
          <circle cx="0" cy="36" r="2" fill="var(--room-paper)" />
          <circle cx="40" cy="36" r="2" fill="var(--room-paper)" />
        </pattern>
        <clipPath id="room">
          <rect width="640" height="470" rx="28" />
        </clipPath>
      </defs>
      <g clipPath="url(#room)">
        <rect width="640" height="300" fill="var(--room-wall)" />
        <rect width="640" height="300" fill="url(#wallpaper)" />
        <rect y="262" width="640" height="208" fill="var(--room-floor)" />
        <rect y="254" width="640" height="10" fill="var(--room-rail)" />
        <ellipse cx="320" cy="388" rx="276" ry="74" fill="var(--room-rug)" />
        <ellipse
          cx="320"
          cy="388"
          rx="252"
          ry="62"
          fill="none"
          stroke="var(--room-rug-line)"
          strokeWidth="4"
        />
        <g>
          <rect x="317" y="96" width="6" height="180" rx="3" fill="#8a5a0b" />
          <ellipse cx="320" cy="278" rx="30" ry="7" fill="#8a5a0b" />
          <path d="M288,104 L300,52 h40 L352,104z" fill="var(--parlor-lamp)" />
          <circle className={classes.glow} cx="320" cy="112" r="190" fill="url(#lamplight)" />
        </g>
        {SITTERS.map((sitter) => (
          <SceneArmchair key={sitter.level} {...sitter} />
        ))}
        {BUBBLES.map(({ text, x, y, width, lang }, index) => (
          <g key={text} className={classes.bubble} style={{ animationDelay: `${index * 1.6}s` }}>
            <rect x={x} y={y} width={width} height="42" rx="21" fill="#fffdf8" />
            <path d={`M${x + width / 2 - 8},${y + 38} l4,14 l12,-14z`} fill="#fffdf8" />
            <text
              x={x + width / 2}
              y={y + 27}
              textAnchor="middle"
              fontSize="17"
              fontWeight="600"
              fill="#1d2a2c"
              lang={lang}
            >
              {text}
            </text>
          </g>
        ))}
      </g>
    </svg>
  );
}

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

/** A person in an armchair in the colour of their level. The origin is the middle of the seat. */
export function SceneArmchair({ level, x, y, scale, skin, hair, style, shirt }: Sitter) {
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
