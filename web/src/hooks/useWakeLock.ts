import { useEffect } from "react";
import { keepAwake } from "../core/wake-lock";

/** Keeps the screen on while `active`. */
export function useWakeLock(active: boolean): void {
  useEffect(() => (active ? keepAwake() : undefined), [active]);
}
