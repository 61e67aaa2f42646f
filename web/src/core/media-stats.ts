/** The figures of getStats that health and quality need. Times are ms of the browser's clock. */
export interface MediaSample {
  at: number;
  packetsIn: number;
  packetsLost: number;
  /** Jitter of the worst slot, ms. */
  jitterMs: number;
  packetsOut: number;
  /** Answers to connectivity checks so far. */
  checksAnswered: number;
  /** When the server last reported on our audio; null before the first report. */
  reportAt: number | null;
  /** Lost share of our audio, 0 to 1. */
  lossOut: number | null;
  rttMs: number | null;
}

interface Entry {
  type: string;
  kind?: string;
  timestamp: number;
  [member: string]: unknown;
}

/** Reads an RTCStatsReport, or any iterable of its entries. */
export function readStats(entries: Iterable<unknown>, at: number): MediaSample {
  const sample: MediaSample = {
    at,
    packetsIn: 0,
    packetsLost: 0,
    jitterMs: 0,
    packetsOut: 0,
    checksAnswered: 0,
    reportAt: null,
    lossOut: null,
    rttMs: null,
  };
  for (const entry of entries as Iterable<Entry>) readers[entry.type]?.(sample, entry);
  return sample;
}

const readers: Record<string, (sample: MediaSample, entry: Entry) => void> = {
  "inbound-rtp": (sample, entry) => {
    sample.packetsIn += number(entry.packetsReceived);
    sample.packetsLost += number(entry.packetsLost);
    sample.jitterMs = Math.max(sample.jitterMs, number(entry.jitter) * 1000);
  },
  "outbound-rtp": (sample, entry) => {
    sample.packetsOut += number(entry.packetsSent);
  },
  "remote-inbound-rtp": (sample, entry) => {
    sample.reportAt = Math.max(sample.reportAt ?? 0, entry.timestamp);
    if (typeof entry.fractionLost === "number") sample.lossOut = entry.fractionLost;
    if (typeof entry.roundTripTime === "number") sample.rttMs ??= entry.roundTripTime * 1000;
  },
  "candidate-pair": (sample, entry) => {
    sample.checksAnswered += number(entry.responsesReceived);
    const inUse = entry.nominated === true || entry.selected === true;
    if (inUse && typeof entry.currentRoundTripTime === "number")
      sample.rttMs = entry.currentRoundTripTime * 1000;
  },
};

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** Whether anything came from the server between the two samples. */
export function hasArrived(before: MediaSample, now: MediaSample): boolean {
  return (
    now.packetsIn > before.packetsIn ||
    now.checksAnswered > before.checksAnswered ||
    now.reportAt !== before.reportAt
  );
}

export type QualityLevel = "good" | "fair" | "poor" | "unknown";

export interface Quality {
  level: QualityLevel;
  rttMs?: number;
  jitterMs?: number;
  /** Loss of the worse direction, 0 to 100. */
  lossPct?: number;
}

/** Lower limits of the levels fair and poor (loss in %, times in ms). */
const FAIR = { rttMs: 250, jitterMs: 30, lossPct: 3 };
const POOR = { rttMs: 500, jitterMs: 70, lossPct: 10 };
/** Loss is not computed from fewer packets than this. */
const MIN_PACKETS = 50;

/** The quality of the time between two samples a few seconds apart. */
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
