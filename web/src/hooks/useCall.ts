import { useMemo } from "react";
import { useStore } from "zustand";
import type { Call, Send } from "../core/call";
import { type CallView, viewOf } from "../core/call-state";
import { parlor } from "../core/parlor";

type Action =
  | "join"
  | "leave"
  | "retry"
  | "reset"
  | "canResume"
  | "setMuted"
  | "toggleMute"
  | "setChatOpen"
  | "send"
  | "request";

export type CallHook = CallView & Pick<Call, Action>;

const { call } = parlor;
const actions: Pick<Call, Action> = {
  join: (request) => call.join(request),
  leave: () => call.leave(),
  retry: () => call.retry(),
  reset: () => call.reset(),
  canResume: (roomId) => call.canResume(roomId),
  setMuted: (muted) => call.setMuted(muted),
  toggleMute: () => call.toggleMute(),
  setChatOpen: (isOpen) => call.setChatOpen(isOpen),
  send: (event, payload) => call.send(event, payload),
  request: (event, payload) => call.request(event, payload),
};

export function useCall(): CallHook {
  const state = useStore(call.store);
  return useMemo(() => ({ ...viewOf(state), ...actions }), [state]);
}

/** Sends an action of the room, without a render when the call changes. A refusal becomes a room event. */
export function useSend(): Send {
  return actions.send;
}
