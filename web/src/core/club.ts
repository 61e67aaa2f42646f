import type { Club, Turns } from "../protocol";

/** `endsAt`: in ms of `performance.now()`, because the clocks of the server and of this device may differ. */
export interface ShownTurns extends Omit<Turns, "leftS"> {
  endsAt: number;
}

export interface ShownClub {
  topics: readonly string[];
  topicIndex: number | null;
  turns: ShownTurns | null;
}

export const NO_CLUB: ShownClub = { topics: [], topicIndex: null, turns: null };

/** `club` is missing from a server of an earlier version. `now`: when the message arrived. */
export function shownClub(club: Club | undefined, now: number): ShownClub {
  if (!club) return NO_CLUB;
  const { turns, ...topics } = club;
  if (!turns) return { ...topics, turns: null };
  const { leftS, ...turn } = turns;
  return { ...topics, turns: { ...turn, endsAt: now + leftS * 1_000 } };
}

/** The topic that is shown to everyone. */
export function shownTopic({ topics, topicIndex }: ShownClub): string | null {
  return topicIndex === null ? null : (topics[topicIndex] ?? null);
}

/** The index of the topic after the one that is shown; null after the last. */
export function nextTopic({ topics, topicIndex }: ShownClub): number | null {
  const next = topicIndex === null ? 0 : topicIndex + 1;
  return next < topics.length ? next : null;
}

/** As `m:ss`, rounded up, so that 0:00 is the end. */
export function clockText(seconds: number): string {
  const whole = Math.ceil(Math.abs(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
