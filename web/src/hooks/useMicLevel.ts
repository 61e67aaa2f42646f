import { useRef } from "react";
import { meterLevel, smooth } from "../core/level-meter";
import { parlor } from "../core/parlor";
import { useFrame } from "./useFrame";

/** Calls back on every animation frame with the microphone's level, 0 to 1, muted or not. No React state. */
export function useMicLevel(onLevel: (level: number) => void): void {
  const shown = useRef(0);
  useFrame(() => {
    shown.current = smooth(shown.current, meterLevel(parlor.microphone.level()));
    onLevel(shown.current);
  });
}
