import type { Level } from "../../protocol";

/** CEFR levels, easiest first. Names and descriptions are texts: `levels.*` in i18n. */
export const LEVELS: readonly Level[] = ["A1", "A2", "B1", "B2", "C1", "C2"];
