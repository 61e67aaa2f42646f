import { type KeyValueStorage, perTab } from "./storage";

/** Loads code and texts when they are needed. */

const PAUSES_MS = [300, 1500];
const RELOADED_AT = "parlor.reloadedAt";
const RELOAD_EVERY_MS = 60_000;

/** The parts of the page that `loadPage` needs. */
export interface PageReload {
  /** Ms since the epoch. */
  now(): number;
  storage: Pick<KeyValueStorage, "getItem" | "setItem">;
  /** Whether the storage outlives a reload. */
  isKept(): boolean;
  reload(): void;
}

const thisPage = (): PageReload => ({
  now: () => Date.now(),
  storage: perTab,
  isKept: () => perTab.store.getState().isKept,
  reload: () => window.location.reload(),
});

/** Resolves once the browser has a network, which may be now. */
function online(): Promise<void> {
  if (navigator.onLine) return Promise.resolve();
  return new Promise((resolve) => window.addEventListener("online", () => resolve(), { once: true }));
}

/** Retries a failed load: a change of network cancels every request in progress. */
export async function withRetries<T>(load: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return load();
}

/**
 * Loads the code of a page, with retries. Some browsers never fetch a failed module again, and an update of the server
 * removes old code: then the page is reloaded, at most once a minute. Rejects if that did not help. Offline it waits for
 * the network, because a reload would leave nothing.
 */
export async function loadPage<T>(load: () => Promise<T>, page: PageReload = thisPage()): Promise<T> {
  try {
    return await withRetries(load);
  } catch (error) {
    if (!navigator.onLine) {
      await online();
      return loadPage(load, page);
    }
    const last = Number(page.storage.getItem(RELOADED_AT));
    // The clock may have been set back meanwhile.
    if (Math.abs(page.now() - last) < RELOAD_EVERY_MS) throw error;
    page.storage.setItem(RELOADED_AT, String(page.now()));
    if (!page.isKept()) throw error;
    page.reload();
    return new Promise(() => {});
  }
}

const later = new Set<() => Promise<unknown>>();

/** Declares code that an open page may load at any time. Returns `load`. */
export function loadedLater<T>(load: () => Promise<T>): () => Promise<T> {
  later.add(load);
  return load;
}

/** Loads what has been declared so far. Call it while this version can still be had: an update removes its files. */
export async function loadAllOfThisVersion(): Promise<void> {
  await Promise.allSettled([...later].map((load) => load()));
}

const SETTLED_MS = 1_500;

/** Resolves when the page has loaded and is idle, for what must not compete with it. */
export async function afterLoad(): Promise<void> {
  if (document.readyState !== "complete") {
    await new Promise((resolve) => window.addEventListener("load", resolve, { once: true }));
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  // Safari has no requestIdleCallback.
  await new Promise<unknown>((resolve) => (window.requestIdleCallback ?? setTimeout)(resolve));
}
