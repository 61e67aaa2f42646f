import { useEffect } from "react";
import { parlor } from "../core/parlor";
import { playRoomSound, type RoomSound } from "../core/room-sounds";

const SOUNDS: Partial<Record<string, RoomSound>> = {
  joined: "joined",
  left: "left",
  gone: "left",
  hand: "hand",
};

/** Plays a short sound when somebody comes, goes or raises a hand, unless the person has turned that off. */
export function useRoomSounds(): void {
  useEffect(() => {
    const { call, settings } = parlor;
    return call.events.on(({ type }) => {
      const sound = SOUNDS[type];
      if (!sound || !settings.getState().sounds) return;
      const somebodySpeaks = call.store.getState().room?.participants.some((p) => p.isSpeaking) ?? false;
      playRoomSound(sound, somebodySpeaks, performance.now());
    });
  }, []);
}
