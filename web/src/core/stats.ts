/** What health and quality need of getStats, flat. Times are ms of the browser's clock. */
export interface MediaSample {
  at: number;
  packetsIn: number;
  packetsLost: number;
  /** Of the slot where it is worst, ms. */
  jitterMs: number;
  packetsOut: number;
  /** Rises with every answer to a connectivity check. */
  checksAnswered: number;
  /** When the server last reported on what we send; null before the first. */
  reportAt: number | null;
  /** Of what we send, 0 to 1. */
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
