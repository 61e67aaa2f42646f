import { useRef } from "react";
import { meterLevel, smooth } from "../core/level-meter";
import { parlor } from "../core/parlor";
import { useFrame } from "./useFrame";

/** Calls back on animation frames with the microphone's level, 0 to 1, also while muted. No React state. */
export function useMicLevel(onLevel: (level: number) => void): void {
  const shown = useRef(0);
  useFrame(() => {
    shown.current = smooth(shown.current, meterLevel(parlor.microphone.level()));
    onLevel(shown.current);
  });
}
