import { useRef } from "react";
import { smooth } from "../core/level-meter";
import { useFrame } from "./useFrame";

/** Calls back on animation frames with the level that `read` returns (0 to 1), rising quickly and falling slowly. */
export function useVoiceLevel(read: () => number, onLevel: (level: number) => void): void {
  const shown = useRef(0);
  useFrame(() => {
    shown.current = smooth(shown.current, read());
    onLevel(shown.current);
  });
}
