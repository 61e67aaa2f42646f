import { useEffect, useRef } from "react";
import { parlor } from "../core/parlor";
import { playRoomSound } from "../core/room-sounds";

/**
 * Plays a soft sound when the time of a turn ends, once, unless the person has turned sounds off. None for a turn whose
 * time was over when it was first seen.
 */
export function useTurnSound(turn: number, isOver: boolean): void {
  const running = useRef<number | null>(null);
  useEffect(() => {
    if (!isOver) {
      running.current = turn;
      return;
    }
    if (running.current !== turn) return;
    running.current = null;
    const { call, settings } = parlor;
    if (!settings.getState().sounds) return;
    const somebodySpeaks = call.store.getState().room?.participants.some((p) => p.isSpeaking) ?? false;
    playRoomSound("turn_over", somebodySpeaks, performance.now());
  }, [turn, isOver]);
}
