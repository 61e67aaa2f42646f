import { createStore } from "zustand/vanilla";

export type KeyValueStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * The browser's storage, without its exceptions. What cannot be stored, because the person blocks site data or the storage
 * is full, is kept in memory: then it lasts as long as the page. The only use of the browser's storage in the client.
 */
export class SafeStorage implements KeyValueStorage {
  /** `isKept`: everything written so far outlives the page. */
  readonly store = createStore<{ isKept: boolean }>(() => ({ isKept: true }));
  private readonly memory = new Map<string, string>();

  /** Browsers throw as soon as a blocked storage is touched, hence the function. */
  constructor(private readonly area: () => KeyValueStorage) {
    try {
      area().getItem("");
    } catch {
      this.store.setState({ isKept: false });
    }
  }

  getItem(key: string): string | null {
    const held = this.memory.get(key);
    if (held !== undefined) return held;
    try {
      return this.area().getItem(key);
    } catch {
      return null;
    }
  }

  setItem(key: string, value: string): void {
    try {
      this.area().setItem(key, value);
      this.memory.delete(key);
    } catch {
      this.memory.set(key, value);
    }
    this.store.setState({ isKept: this.memory.size === 0 });
  }

  removeItem(key: string): void {
    this.memory.delete(key);
    try {
      this.area().removeItem(key);
    } catch {
      // Nothing of it is stored.
    }
  }

  /** Calls back after another tab has written or removed the key. */
  onChange(key: string, changed: () => void): void {
    window.addEventListener("storage", (event) => {
      // The key is null if another tab clears the whole storage.
      if (event.key !== key && event.key !== null) return;
      this.memory.delete(key);
      changed();
    });
  }
}

/** For all tabs, and the next visit. */
export const local = new SafeStorage(() => window.localStorage);
/** For this tab, over a reload. */
export const perTab = new SafeStorage(() => window.sessionStorage);
