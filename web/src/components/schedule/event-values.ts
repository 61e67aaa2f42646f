import type { ChangeEvent, CreateEvent, EventView, Level, OccurrenceView } from "../../protocol";

export const LIMITS = { minMinutes: 10, maxMinutes: 240 } as const;
/** This time alone, it and all later ones, all that are to come. */
export const SCOPES = ["this", "following", "all"] as const;
export type Scope = (typeof SCOPES)[number];
const MINUTE_MS = 60_000;

/** An event as its forms hold it, without what only a new one has. A length is empty while it is being typed. */
export interface EventValues {
  name: string;
  topic: string;
  /** In the event's zone, `2027-03-09T19:00`. */
  localStart: string;
  durationMinutes: number | "";
  level: Level;
  language: string;
  tags: string[];
  maxParticipants: number;
  waitingRoom: boolean;
  opensWithoutHost: boolean;
}

/** What one time of a series can have of its own. */
const OF_ONE = ["name", "topic", "localStart", "durationMinutes"] as const;
const OF_ALL = [
  ...OF_ONE,
  "level",
  "language",
  "tags",
  "maxParticipants",
  "waitingRoom",
  "opensWithoutHost",
] as const satisfies readonly (keyof EventValues)[];
export const EVENT_FIELDS: string[] = [...OF_ALL];

/** The event at one time, as it is before it is changed. */
export function valuesOf(event: EventView, occurrence: OccurrenceView): EventValues {
  const length = Date.parse(occurrence.endsAt) - Date.parse(occurrence.startsAt);
  return {
    name: occurrence.name,
    topic: occurrence.topic,
    localStart: occurrence.localStart.slice(0, 16),
    durationMinutes: Math.round(length / MINUTE_MS),
    level: event.level,
    language: event.language,
    tags: event.tags,
    maxParticipants: event.maxParticipants,
    waitingRoom: event.waitingRoom,
    opensWithoutHost: event.opensWithoutHost,
  };
}

/** The values as the server expects them. */
export function wanted(values: EventValues): Omit<CreateEvent, "timeZone"> {
  return {
    ...values,
    name: values.name.trim(),
    topic: values.topic.trim(),
    localStart: values.localStart.slice(0, 16),
    durationMinutes: Number(values.durationMinutes),
  };
}

/** What differs of those values that the scope allows to change. */
export function changeOf(
  before: EventValues,
  after: EventValues,
  scope: Scope,
): Partial<Omit<ChangeEvent, "scope" | "occurrenceId">> {
  const [old, now] = [wanted(before), wanted(after)];
  const names = scope === "this" ? OF_ONE : OF_ALL;
  const changed = names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
  return Object.fromEntries(changed.map((name) => [name, now[name]]));
}
