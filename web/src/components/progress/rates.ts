import type { Accuracy } from "../../protocol";

type Category = Accuracy["categories"][number]["category"];

export interface Rate {
  category: Category;
  /** Corrections for every 100 turns, by week; null for a week with too few turns to say. */
  weeks: (number | null)[];
  /** Of the last week that says something, and of the first one. */
  now: number;
  before: number | null;
}

/** Of fewer turns a single correction would look like a change. */
export const ENOUGH_TURNS = 10;

/** The corrections of each category, week by week, as a rate, so that more talking does not look like more mistakes. */
export function ratesOf({ turns, categories }: Accuracy): Rate[] {
  return categories.flatMap(({ category, right }) => {
    const weeks = turns.map((said, index) =>
      said >= ENOUGH_TURNS ? ((said - (right[index] ?? said)) / said) * 100 : null,
    );
    const known = weeks.filter((rate) => rate !== null);
    const now = known.at(-1);
    if (now === undefined) return [];
    return [{ category, weeks, now, before: known.length > 1 ? (known[0] ?? null) : null }];
  });
}

/** The weeks that say something, as points in a box of `width` by `height`; `top` is the rate at its upper edge. */
export function pointsOf(weeks: (number | null)[], top: number, width: number, height: number): string[] {
  const step = weeks.length > 1 ? width / (weeks.length - 1) : 0;
  return weeks.flatMap((rate, index) => {
    if (rate === null) return [];
    const y = height - (top > 0 ? rate / top : 0) * height;
    return [`${(index * step).toFixed(1)},${y.toFixed(1)}`];
  });
}
