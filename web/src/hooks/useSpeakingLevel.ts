import { useRef } from "react";
import { meterLevel, smooth } from "../core/level-meter";
import { parlor } from "../core/parlor";
import { useFrame } from "./useFrame";

/** Calls back on animation frames with a participant's level, 0 to 1; one's own counts while unmuted. No React state. */
export function useSpeakingLevel(participantId: string, onLevel: (level: number) => void): void {
  const shown = useRef(0);
  useFrame(() => {
    shown.current = smooth(shown.current, meterLevel(loudness(participantId)));
    onLevel(shown.current);
  });
}

/** dBFS. */
function loudness(participantId: string): number {
  const { room, isMuted } = parlor.call.store.getState();
  if (participantId === room?.meId) return isMuted ? Number.NEGATIVE_INFINITY : parlor.microphone.level();
  return 20 * Math.log10(parlor.playback.levelOf(participantId));
}
