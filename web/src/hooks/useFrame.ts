import { useEffect, useEffectEvent } from "react";
import { onFrame } from "../core/frames";

/** Calls back on every animation frame, with what the last render closed over. */
export function useFrame(callback: () => void): void {
  const latest = useEffectEvent(callback);
  useEffect(() => onFrame(() => latest()), []);
}
