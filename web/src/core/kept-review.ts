import type { KeyValueStorage } from "./storage";

/** A review under way in this tab, so that a reload comes back to it, and not to the list with the answers. */
export interface KeptReview {
  /** Of all exercises, in their order. */
  ids: string[];
  /** The number of items that are done, and how many of these were right. */
  done: number;
  right: number;
}

const KEY = "parlor.review.";

export function readReview(storage: KeyValueStorage, name: string): KeptReview | null {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY + name) ?? "null");
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function keepReview(storage: KeyValueStorage, name: string, review: KeptReview | null): void {
  if (review) storage.setItem(KEY + name, JSON.stringify(review));
  else storage.removeItem(KEY + name);
}

function isKept(value: unknown): value is KeptReview {
  if (typeof value !== "object" || value === null) return false;
  const { ids, done, right } = value as Partial<Record<keyof KeptReview, unknown>>;
  const areIds = Array.isArray(ids) && ids.every((id) => typeof id === "string");
  return areIds && Number.isInteger(done) && Number.isInteger(right);
}
