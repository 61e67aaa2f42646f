import type { MediaSample } from "./stats";
import type { Quality, QualityLevel } from "./types";

/** From these on a conversation is fair, from those on poor (loss in %, times in ms). */
const FAIR = { rttMs: 250, jitterMs: 30, lossPct: 3 };
const POOR = { rttMs: 500, jitterMs: 70, lossPct: 10 };
/** Fewer packets than this say nothing of loss. */
const MIN_PACKETS = 50;

/** The quality between two samples a few seconds apart. */
export function quality(before: MediaSample | null, now: MediaSample): Quality {
  const rttMs = now.rttMs ?? undefined;
  const received = before ? now.packetsIn - before.packetsIn : 0;
  const jitterMs = received > 0 ? now.jitterMs : undefined;
  const lossPct = worst(
    before ? lossIn(before, now) : undefined,
    now.lossOut === null ? undefined : now.lossOut * 100,
  );
  return { level: score({ rttMs, jitterMs, lossPct }), ...defined({ rttMs, jitterMs, lossPct }) };
}

type Figures = Omit<Quality, "level">;

export function score(figures: Figures): QualityLevel {
  const known = Object.entries(figures).filter(
    (entry): entry is [keyof Figures, number] => entry[1] !== undefined,
  );
  if (known.length === 0) return "unknown";
  if (known.some(([name, value]) => value >= POOR[name])) return "poor";
  return known.some(([name, value]) => value >= FAIR[name]) ? "fair" : "good";
}

function lossIn(before: MediaSample, now: MediaSample): number | undefined {
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  const expected = now.packetsIn - before.packetsIn + lost;
  return expected >= MIN_PACKETS ? (100 * lost) / expected : undefined;
}

function worst(...values: (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

function defined(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
}
