import { createStore } from "zustand/vanilla";
import type { NoticesPart } from "../protocol";
import { Emitter } from "./emitter";
import type { KeyValueStorage } from "./storage";

/** Messages to the person's open pages: a new notice, or that some were read. Each of their sockets can bring them. */
export const noticesChanged = new Emitter<NoticesPart>();
/** The number of the person's unread notices, as far as this page knows. */
export const unreadNotices = createStore<{ count: number }>(() => ({ count: 0 }));

const EARLY_KEPT = 5;
/** Notices that came before the code that shows them; null once it is loaded. */
let early: NoticesPart[] | null = [];

noticesChanged.on((part) => {
  unreadNotices.setState({ count: part.unread });
  if (part.notice) early = early && [...early, part].slice(-EARLY_KEPT);
});

/**
 * Call it with the number after a connection. Lists are told in any case: while there was none, one notice may have
 * been read and another one come, which leaves the number as it was.
 */
export function unreadCounted(unread: number): void {
  noticesChanged.emit({ unread, notice: null });
}

/** Calls `listener` with each change, first with those that came before the first listener. Returns what ends this. */
export function onNotices(listener: (part: NoticesPart) => void): () => void {
  const missed = early ?? [];
  early = null;
  const unsubscribe = noticesChanged.on(listener);
  missed.forEach(listener);
  return unsubscribe;
}

const SHOWN_KEY = "parlor.noticesShown";
const SHOWN_KEPT = 20;

export interface TabDeps {
  storage: Pick<KeyValueStorage, "getItem" | "setItem">;
  /** Web Locks; absent where the page is not served securely. */
  locks: Pick<LockManager, "request"> | undefined;
}

/**
 * Resolves to true in one of the tabs that ask about the same notice, so that several open tabs show it once. Call it in
 * tabs that somebody can see.
 */
export async function claimNotice(id: string, { storage, locks }: TabDeps): Promise<boolean> {
  const claim = () => {
    const shown = (storage.getItem(SHOWN_KEY) ?? "").split(" ").filter(Boolean);
    if (shown.includes(id)) return false;
    storage.setItem(SHOWN_KEY, [...shown, id].slice(-SHOWN_KEPT).join(" "));
    return true;
  };
  return locks ? await locks.request(SHOWN_KEY, claim) : claim();
}
