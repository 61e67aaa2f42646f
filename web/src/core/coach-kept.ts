import type { SetDifficulty } from "../protocol";
import type { KeyValueStorage } from "./storage";

const KEY = "parlor.coach";
export const COACH_TOPICS = [
  "General conversation",
  "Food and restaurants",
  "Travel in Vietnam",
  "Family and relationships",
  "Work and career",
  "Hobbies and interests",
] as const;
export const DIFFICULTIES = ["beginner", "intermediate", "advanced"] as const;

export type CoachTopic = (typeof COACH_TOPICS)[number];

/** The session of this tab: a reload finds it by its id. */
export interface KeptCoach {
  id: string;
  topic: CoachTopic;
  difficulty: SetDifficulty["level"];
  /** BCP 47. */
  language: string;
}

export function readCoach(storage: KeyValueStorage): KeptCoach | null {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? "null");
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Null: the session has ended. */
export function keepCoach(storage: KeyValueStorage, kept: KeptCoach | null): void {
  if (kept) storage.setItem(KEY, JSON.stringify(kept));
  else storage.removeItem(KEY);
}

function isKept(value: unknown): value is KeptCoach {
  if (typeof value !== "object" || value === null) return false;
  const { id, topic, difficulty, language } = value as Record<keyof KeptCoach, unknown>;
  return (
    typeof id === "string" &&
    /^[\w.:-]{1,128}$/.test(id) &&
    typeof language === "string" &&
    (COACH_TOPICS as readonly unknown[]).includes(topic) &&
    (DIFFICULTIES as readonly unknown[]).includes(difficulty)
  );
}
