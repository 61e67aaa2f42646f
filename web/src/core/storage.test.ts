import { expect, test } from "vitest";
import { type KeyValueStorage, SafeStorage } from "./storage";

function refusing(name: string): KeyValueStorage {
  const refuse = () => {
    throw new DOMException("refused", name);
  };
  return { getItem: () => null, removeItem: () => {}, setItem: refuse };
}

const blocked = () => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};

test("a blocked storage is replaced by memory, and says so", () => {
  const storage = new SafeStorage(blocked);
  expect(storage.store.getState().isKept).toBe(false);
  storage.setItem("a", "1");
  expect(storage.getItem("a")).toBe("1");
  storage.removeItem("a");
  expect(storage.getItem("a")).toBeNull();
});

test("a storage that does not exist is replaced too", () => {
  const storage = new SafeStorage(() => null as unknown as Storage);
  expect(storage.store.getState().isKept).toBe(false);
  storage.setItem("a", "1");
  expect(storage.getItem("a")).toBe("1");
});

test("what a full storage refuses is kept in memory until it fits", () => {
  let area: KeyValueStorage = refusing("QuotaExceededError");
  const storage = new SafeStorage(() => area);
  expect(storage.store.getState().isKept).toBe(true);
  storage.setItem("a", "1");
  expect(storage.getItem("a")).toBe("1");
  expect(storage.store.getState().isKept).toBe(false);
  area = localStorage;
  storage.setItem("a", "2");
  expect(localStorage.getItem("a")).toBe("2");
  expect(storage.store.getState().isKept).toBe(true);
});

test("what another tab writes replaces what only memory holds", () => {
  const storage = new SafeStorage(() => refusing("QuotaExceededError"));
  const seen: (string | null)[] = [];
  storage.onChange("a", () => seen.push(storage.getItem("a")));
  storage.setItem("a", "1");
  window.dispatchEvent(new StorageEvent("storage", { key: "b" }));
  window.dispatchEvent(new StorageEvent("storage", { key: "a" }));
  storage.setItem("a", "2");
  window.dispatchEvent(new StorageEvent("storage", { key: null }));
  expect(seen).toEqual([null, null]);
});

test("no other file of the client uses the browser's storage", () => {
  const sources = import.meta.glob<string>(
    ["../**/*.{ts,tsx}", "!../**/*.test.*", "!../test/**", "!./storage.ts"],
    {
      eager: true,
      query: "?raw",
      import: "default",
    },
  );
  expect(Object.keys(sources).length).toBeGreaterThan(100);
  const using = Object.entries(sources).filter(([, text]) =>
    /\b(localStorage|sessionStorage|indexedDB|document\.cookie)\b/.test(text),
  );
  expect(using.map(([path]) => path)).toEqual([]);
});
