import { beforeEach, describe, expect, it, vi } from "vitest";
import { loadAllOfThisVersion, loadedLater, loadPage, type PageReload, withRetries } from "./lazy-load";

const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function page(now = 1_000_000): PageReload & { reload: ReturnType<typeof vi.fn>; at: number } {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const made = { at: now, now: () => made.at, storage, isKept: () => true, reload: vi.fn() };
  return made;
}

describe("code that cannot be loaded", () => {
  it("is retried", async () => {
    const load = vi.fn().mockImplementationOnce(gone).mockResolvedValue("code");
    const coming = withRetries(load);
    await vi.runAllTimersAsync();
    expect(await coming).toBe("code");
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("waits for the network while the browser is offline", async () => {
    const onLine = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    const load = vi.fn(gone);
    const here = page();
    const coming = loadPage<unknown>(load, here);
    await vi.advanceTimersByTimeAsync(600_000);
    load.mockResolvedValue("code" as never);
    onLine.mockReturnValue(true);
    window.dispatchEvent(new Event("online"));
    expect(await coming).toBe("code");
    expect(here.reload).not.toHaveBeenCalled();
  });

  it("is not waited for offline if it is not a page: texts have a fallback", async () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    const coming = expect(withRetries(gone)).rejects.toThrow("Failed to fetch");
    await vi.runAllTimersAsync();
    await coming;
  });

  it("is an error after some tries", async () => {
    const load = vi.fn(gone);
    const coming = expect(withRetries(load)).rejects.toThrow("Failed to fetch");
    await vi.runAllTimersAsync();
    await coming;
    expect(load).toHaveBeenCalledTimes(3);
  });

  it("reloads the page, and rejects if that did not help", async () => {
    const here = page();
    void loadPage(gone, here);
    await vi.runAllTimersAsync();
    expect(here.reload).toHaveBeenCalledTimes(1);

    here.at += 10_000;
    const coming = expect(loadPage(gone, here)).rejects.toThrow("Failed to fetch");
    await vi.runAllTimersAsync();
    await coming;
    expect(here.reload).toHaveBeenCalledTimes(1);

    here.at += 60_000;
    void loadPage(gone, here);
    await vi.runAllTimersAsync();
    expect(here.reload).toHaveBeenCalledTimes(2);

    // The clock was set back by a day.
    here.at -= 86_400_000;
    void loadPage(gone, here);
    await vi.runAllTimersAsync();
    expect(here.reload).toHaveBeenCalledTimes(3);
  });

  it("does not reload the page for ever where nothing is stored", async () => {
    const here = { ...page(), isKept: () => false };
    const coming = expect(loadPage(gone, here)).rejects.toThrow("Failed to fetch");
    await vi.runAllTimersAsync();
    await coming;
    expect(here.reload).not.toHaveBeenCalled();
  });
});

describe("code that an open page may load later", () => {
  it("is loaded at once when asked for, and a failure of one does not stop the others", async () => {
    const settings = vi.fn().mockResolvedValue("settings");
    loadedLater(vi.fn(gone));
    expect(loadedLater(settings)).toBe(settings);
    expect(settings).not.toHaveBeenCalled();
    await loadAllOfThisVersion();
    expect(settings).toHaveBeenCalledOnce();
  });
});
