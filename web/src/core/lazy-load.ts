/** Code and texts that come when they are needed. */

const PAUSES_MS = [300, 1500];
const RELOADED_AT = "parlor.reloadedAt";
const RELOAD_EVERY_MS = 60_000;

/** What loading needs of the page. */
export interface PageReload {
  /** Ms since the epoch. */
  now(): number;
  storage: Pick<Storage, "getItem" | "setItem">;
  reload(): void;
}

const thisPage = (): PageReload => ({
  now: () => Date.now(),
  storage: window.sessionStorage,
  reload: () => window.location.reload(),
});

/** Asks again where it does not come: a change of networks cancels all that is under way. */
export async function again<T>(load: () => Promise<T>): Promise<T> {
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
 * The same for a page's code. Some browsers do not fetch again what failed once, and after an update of the server old
 * code is gone: then the page is loaded anew, at most once a minute. Rejects where that did not help.
 */
export async function loadPage<T>(load: () => Promise<T>, page: PageReload = thisPage()): Promise<T> {
  try {
    return await again(load);
  } catch (error) {
    const last = Number(page.storage.getItem(RELOADED_AT));
    if (page.now() - last < RELOAD_EVERY_MS) throw error;
    page.storage.setItem(RELOADED_AT, String(page.now()));
    page.reload();
    return new Promise(() => {});
  }
}
