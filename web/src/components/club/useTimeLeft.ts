import { useEffect, useState } from "react";

const STEP_MS = 250;

/** Seconds until `endsAt` (ms of `performance.now()`), below 0 after it; null without one. */
export function useTimeLeft(endsAt: number | null): number | null {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (endsAt === null) return;
    setNow(performance.now());
    const timer = window.setInterval(() => setNow(performance.now()), STEP_MS);
    return () => window.clearInterval(timer);
  }, [endsAt]);
  return endsAt === null ? null : (endsAt - now) / 1_000;
}
