import type { Level } from "../protocol";
import type { KeyValueStorage } from "./storage";
import type { TalkLesson } from "./talk-path";

const KEY = "parlor.talk";
const BLOCKED = "parlor.mediaBlocked";
const LEVELS: readonly Level[] = ["A1", "A2", "B1", "B2", "C1", "C2"];

/**
 * The talk of this tab: a reload finds it by its room, or by its session. `conversationId`: null for one that is not known.
 * `continues`: the session goes on with that conversation, which began in a room.
 */
export interface KeptTalk {
  userId: string;
  lesson: TalkLesson;
  roomId: string | null;
  sessionId: string | null;
  conversationId: string | null;
  continues: boolean;
}

export function readTalk(storage: KeyValueStorage, userId: string): KeptTalk | null {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? "null");
    return isKept(kept) && kept.userId === userId ? kept : null;
  } catch {
    return null;
  }
}

/** Null: the talk has ended. */
export function keepTalk(storage: KeyValueStorage, kept: KeptTalk | null): void {
  if (kept) storage.setItem(KEY, JSON.stringify(kept));
  else storage.removeItem(KEY);
}

/** Whether this network let no media through before: then the next talk does not wait to find out. Until it changes. */
export class MediaRoute {
  constructor(private readonly storage: KeyValueStorage) {}

  get isBlocked(): boolean {
    return this.storage.getItem(BLOCKED) !== null;
  }

  blocked(): void {
    this.storage.setItem(BLOCKED, "yes");
  }

  networkChanged(): void {
    this.storage.removeItem(BLOCKED);
  }
}

function isKept(value: unknown): value is KeptTalk {
  if (typeof value !== "object" || value === null) return false;
  const { userId, lesson, roomId, sessionId, conversationId, continues } = value as Record<
    keyof KeptTalk,
    unknown
  >;
  return (
    typeof userId === "string" &&
    isLesson(lesson) &&
    [roomId, sessionId, conversationId].every((id) => id === null || isId(id)) &&
    (roomId !== null || sessionId !== null) &&
    typeof continues === "boolean"
  );
}

export function isLesson(value: unknown): value is TalkLesson {
  if (typeof value !== "object" || value === null) return false;
  const { topic, level, language } = value as Record<keyof TalkLesson, unknown>;
  return (
    typeof topic === "string" &&
    typeof language === "string" &&
    (LEVELS as readonly unknown[]).includes(level)
  );
}

function isId(value: unknown): boolean {
  return typeof value === "string" && /^[\w-]{1,64}$/.test(value);
}
