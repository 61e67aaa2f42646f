import type { Dialogue, Hints } from "./dialogue";
import type { KeyValueStorage } from "./storage";

const KEY = "parlor.hidden";

/** Hints of the corrections that the tutor hides until the learner has tried again: kept for a reload of this tab. */
export class HiddenAnswers {
  constructor(private readonly storage: KeyValueStorage) {}

  get hints(): Hints {
    try {
      const kept: unknown = JSON.parse(this.storage.getItem(KEY) ?? "{}");
      return typeof kept === "object" && kept !== null ? (kept as Hints) : {};
    } catch {
      return {};
    }
  }

  /** Whatever is hidden or shown in this page's dialogue. */
  follow({ lines }: Dialogue): void {
    const items = lines.flatMap((line) => line.feedback);
    if (items.length === 0) return;
    const before = this.hints;
    const hints: Record<string, string> = { ...before };
    for (const { id, hint } of items) {
      if (hint) hints[id] = hint;
      else delete hints[id];
    }
    const text = JSON.stringify(hints);
    if (text !== JSON.stringify(before)) this.storage.setItem(KEY, text);
  }

  /** The talk is over: all is shown. */
  forget(): void {
    this.storage.removeItem(KEY);
  }
}
