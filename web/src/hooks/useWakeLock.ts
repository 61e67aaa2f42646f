import { useEffect } from "react";

/** Keeps the screen on while `active`. */
export function useWakeLock(active: boolean): void {
  useEffect(() => (active ? keepAwake() : undefined), [active]);
}

/** Keeps the screen on until the returned function is called. Browsers drop the lock of a hidden page. */
export function keepAwake(): () => void {
  let released = false;
  let lock: WakeLockSentinel | null = null;

  const acquire = async () => {
    if (released || document.visibilityState !== "visible") return;
    // Rejected on low battery or without support: the screen then turns off as usual.
    const granted = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (released) await granted?.release();
    else lock = granted;
  };
  const reacquire = () => void acquire();

  document.addEventListener("visibilitychange", reacquire);
  void acquire();
  return () => {
    released = true;
    document.removeEventListener("visibilitychange", reacquire);
    lock?.release().catch(() => {});
  };
}
