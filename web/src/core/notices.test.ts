import { beforeEach, describe, expect, it } from "vitest";
import type { Notice } from "../protocol";
import { claimNotice, noticesChanged, onNotices, unreadCounted, unreadNotices } from "./notices";

/** Web Locks of tabs that share one storage. */
function browser() {
  const kept = new Map<string, string>();
  let last: Promise<unknown> = Promise.resolve();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const request = (_name: string, work: () => unknown) => {
    last = last.then(work);
    return last;
  };
  return { storage, locks: { request } as unknown as LockManager };
}

describe("claimNotice", () => {
  it("lets one of several tabs show a notice", async () => {
    const tabs = browser();
    const claims = await Promise.all([1, 2, 3].map(() => claimNotice("n1", tabs)));
    expect(claims).toEqual([true, false, false]);
    expect(await claimNotice("n2", tabs)).toBe(true);
  });

  it("works without locks, and forgets old notices", async () => {
    const tab = { ...browser(), locks: undefined };
    for (let number = 0; number < 30; number += 1) expect(await claimNotice(`n${number}`, tab)).toBe(true);
    expect(await claimNotice("n29", tab)).toBe(false);
    expect(tab.storage.getItem("parlor.noticesShown")?.split(" ")).toHaveLength(20);
  });
});

describe("unreadNotices", () => {
  beforeEach(() => unreadNotices.setState({ count: 0 }));

  it("tells lists after each connection, also if as many notices are unread as before", () => {
    const told: number[] = [];
    const unsubscribe = noticesChanged.on(({ unread }) => told.push(unread));
    for (const unread of [0, 1, 1, 0]) unreadCounted(unread);
    unsubscribe();
    expect(told).toEqual([0, 1, 1, 0]);
    expect(unreadNotices.getState().count).toBe(0);
  });

  it("follows what the server says", () => {
    noticesChanged.emit({ unread: 2, notice: null });
    expect(unreadNotices.getState().count).toBe(2);
    noticesChanged.emit({ unread: 0, notice: null });
    expect(unreadNotices.getState().count).toBe(0);
  });
});

describe("onNotices", () => {
  it("tells the first listener what came before it, and each one once", () => {
    const notice = { id: "n1" } as Notice;
    noticesChanged.emit({ unread: 1, notice });
    noticesChanged.emit({ unread: 0, notice: null });
    const heard: unknown[] = [];
    onNotices((part) => heard.push(part))();
    expect(heard).toEqual([{ unread: 1, notice }]);
    onNotices((part) => heard.push(part))();
    expect(heard).toHaveLength(1);
  });
});
