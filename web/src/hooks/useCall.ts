import { useMemo } from "react";
import { useStore } from "zustand";
import { viewOf } from "../core/call-state";
import { parlor } from "../core/parlor";
import type { CallActions, CallView } from "../core/types";

export type CallHook = CallView & CallActions;

const { call } = parlor;
const actions: CallActions = {
  join: (request) => call.join(request),
  leave: () => call.leave(),
  setMuted: (muted) => call.setMuted(muted),
  toggleMute: () => call.toggleMute(),
  setHand: (raised) => call.setHand(raised),
  mute: (participantId) => call.mute(participantId),
  remove: (participantId) => call.remove(participantId),
  transferHost: (participantId) => call.transferHost(participantId),
  setLocked: (locked) => call.setLocked(locked),
  closeRoom: () => call.closeRoom(),
  getInvite: () => call.getInvite(),
  renewInvite: () => call.renewInvite(),
  retry: () => call.retry(),
  reset: () => call.reset(),
  canResume: (roomId) => call.canResume(roomId),
};

export function useCall(): CallHook {
  const state = useStore(call.store);
  return useMemo(() => ({ ...viewOf(state), ...actions }), [state]);
}
