import { useEffect, useState } from "react";

/** Whether `ms` have passed since the component was shown, or since the wait began. */
export function useHasPassed(ms: number, isWaiting = true): boolean {
  const [hasPassed, setHasPassed] = useState(false);
  useEffect(() => {
    if (!isWaiting) return setHasPassed(false);
    const timer = setTimeout(() => setHasPassed(true), ms);
    return () => clearTimeout(timer);
  }, [ms, isWaiting]);
  return hasPassed;
}
