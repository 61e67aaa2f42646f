import { expect, test } from "vitest";
import { type MediaSample, quality, readStats, score } from "./media-stats";

const base: MediaSample = readStats([], 0);

test("the worst figure decides", () => {
  expect(score({ rttMs: 40, jitterMs: 5, lossPct: 0 })).toBe("good");
  expect(score({ rttMs: 300, jitterMs: 5, lossPct: 0 })).toBe("fair");
  expect(score({ rttMs: 40, jitterMs: 5, lossPct: 12 })).toBe("poor");
  expect(score({ rttMs: 260, lossPct: 11 })).toBe("poor");
  expect(score({})).toBe("unknown");
});

test("loss is that of the time between the samples, not of the whole call", () => {
  const before = { ...base, packetsIn: 10_000, packetsLost: 2_000 };
  const now = { ...base, packetsIn: 10_100, packetsLost: 2_000, rttMs: 20 };
  expect(quality(before, now)).toMatchObject({ level: "good", lossPct: 0 });
  expect(quality(before, { ...now, packetsLost: 2_020 }).level).toBe("poor");
});

test("computes no loss or jitter from silence", () => {
  expect(quality(base, { ...base, jitterMs: 90, rttMs: 30 })).toEqual({ level: "good", rttMs: 30 });
});

test("loss of our own audio counts too", () => {
  expect(quality(base, { ...base, lossOut: 0.2 })).toEqual({ level: "poor", lossPct: 20 });
});

test("stats are summed over slots; round trips come from the pair in use", () => {
  const sample = readStats(
    [
      { type: "inbound-rtp", timestamp: 1, packetsReceived: 10, packetsLost: 1, jitter: 0.01 },
      { type: "inbound-rtp", timestamp: 1, packetsReceived: 5, packetsLost: 0, jitter: 0.03 },
      { type: "outbound-rtp", timestamp: 1, packetsSent: 7 },
      { type: "remote-inbound-rtp", timestamp: 900, fractionLost: 0.25, roundTripTime: 0.2 },
      { type: "candidate-pair", timestamp: 1, responsesReceived: 3, currentRoundTripTime: 9 },
      {
        type: "candidate-pair",
        timestamp: 1,
        nominated: true,
        responsesReceived: 2,
        currentRoundTripTime: 0.05,
      },
      { type: "codec", timestamp: 1 },
    ],
    42,
  );
  expect(sample).toEqual({
    at: 42,
    packetsIn: 15,
    packetsLost: 1,
    jitterMs: 30,
    packetsOut: 7,
    checksAnswered: 5,
    reportAt: 900,
    lossOut: 0.25,
    rttMs: 50,
  });
});
