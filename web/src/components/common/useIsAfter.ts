import { useEffect, useState } from "react";

/** Longest wait of a timer in browsers; a longer one ends at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Whether it is `at` or later by this device's clock, in ms since the epoch. */
export function useIsAfter(at: number): boolean {
  const [seen, setSeen] = useState(Date.now);
  const isAfter = seen >= at;
  useEffect(() => {
    if (isAfter) return;
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      const now = Date.now();
      if (now >= at) setSeen(now);
      else timer = setTimeout(look, Math.min(LONGEST_MS, at - now));
    };
    look();
    return () => clearTimeout(timer);
  }, [at, isAfter]);
  return isAfter;
}
