import type { CallActions, CallView } from "../core/types";

export type CallHook = CallView & CallActions;

const notYet = () => Promise.reject(new Error("not there yet"));

export function useCall(): CallHook {
  return {
    phase: "idle",
    end: null,
    notice: null,
    room: null,
    me: null,
    participants: [],
    isHost: false,
    dominantId: null,
    isMuted: true,
    isTalkingWhileMuted: false,
    mutedByHost: false,
    join: () => Promise.resolve(),
    leave: () => Promise.resolve(),
    setMuted: () => {},
    toggleMute: () => {},
    setHand: () => {},
    mute: () => {},
    remove: () => {},
    transferHost: () => {},
    setLocked: () => {},
    closeRoom: () => {},
    getInvite: notYet,
    renewInvite: notYet,
    retry: () => {},
  };
}
