import type { Account } from "../protocol";

/** Invented accounts for the gallery. */

const THIS = {
  id: "s1",
  device: "Chrome, Windows",
  createdAt: "2026-11-01T08:00:00.000Z",
  seenAt: "2026-11-20T19:00:00.000Z",
  isThis: true,
};

export const GUEST: Account = {
  isGuest: true,
  passkeys: [],
  identities: [],
  recoveryCodes: 0,
  sessions: [THIS],
};

export const KEPT: Account = {
  isGuest: false,
  passkeys: [
    {
      id: "p1",
      name: "Chrome, Windows",
      createdAt: "2026-11-01T08:00:00.000Z",
      usedAt: "2026-11-19T08:00:00.000Z",
    },
    { id: "p2", name: "Safari, iPhone", createdAt: "2026-11-12T08:00:00.000Z", usedAt: null },
  ],
  identities: [
    {
      id: "i1",
      kind: "email",
      label: "bartholomew.featherstonehaugh@a-long-name.example.org",
      createdAt: "2026-11-02T08:00:00.000Z",
    },
  ],
  recoveryCodes: 9,
  sessions: [
    THIS,
    {
      id: "s2",
      device: "Safari, iPhone",
      createdAt: "2026-11-12T08:00:00.000Z",
      seenAt: "2026-11-18T08:00:00.000Z",
      isThis: false,
    },
    {
      id: "s3",
      device: "",
      createdAt: "2026-09-12T08:00:00.000Z",
      seenAt: "2026-09-12T08:00:00.000Z",
      isThis: false,
    },
  ],
};

export const RECOVERY_CODES = Array.from(
  { length: 10 },
  (_, n) => `K7MPQ-2XWTH-9BCDE-FGHJ${"23456789AB"[n]}`,
);
