import { useTranslation } from "react-i18next";
import classes from "./ParlorScene.module.css";
import { SceneSeat, type Sitter } from "./SceneSeat";

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

/** The house in one picture: six levels, six chairs, one lamp. */
export function ParlorScene() {
  const { t } = useTranslation();
  return (
    <svg className={classes.scene} viewBox="0 0 640 470" role="img" aria-label={t("landing.sceneAlt")}>
      <defs>
        <radialGradient id="lamplight">
          <stop offset="0" stopColor="var(--scene-glow)" stopOpacity="0.75" />
          <stop offset="1" stopColor="var(--scene-glow)" stopOpacity="0" />
        </radialGradient>
        <pattern id="wallpaper" width="40" height="40" patternUnits="userSpaceOnUse">
          <path d="M20,6 q8,10 0,20 q-8,-10 0,-20z" fill="var(--scene-pattern)" />
          <circle cx="0" cy="36" r="2" fill="var(--scene-pattern)" />
          <circle cx="40" cy="36" r="2" fill="var(--scene-pattern)" />
        </pattern>
        <clipPath id="room">
          <rect width="640" height="470" rx="28" />
        </clipPath>
      </defs>
      <g clipPath="url(#room)">
        <rect width="640" height="300" fill="var(--scene-wall)" />
        <rect width="640" height="300" fill="url(#wallpaper)" />
        <rect y="262" width="640" height="208" fill="var(--scene-floor)" />
        <rect y="254" width="640" height="10" fill="var(--scene-rail)" />
        <ellipse cx="320" cy="388" rx="276" ry="74" fill="var(--scene-rug)" />
        <ellipse
          cx="320"
          cy="388"
          rx="252"
          ry="62"
          fill="none"
          stroke="var(--scene-rug-line)"
          strokeWidth="4"
        />
        <g>
          <rect x="317" y="96" width="6" height="180" rx="3" fill="#8a5a0b" />
          <ellipse cx="320" cy="278" rx="30" ry="7" fill="#8a5a0b" />
          <path d="M288,104 L300,52 h40 L352,104z" fill="var(--parlor-lamp)" />
          <circle className={classes.glow} cx="320" cy="112" r="190" fill="url(#lamplight)" />
        </g>
        {SITTERS.map((sitter) => (
          <SceneSeat key={sitter.level} {...sitter} />
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
