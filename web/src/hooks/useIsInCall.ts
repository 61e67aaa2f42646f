import { useStore } from "zustand";
import { callActivity, talkActivity } from "../core/call-activity";

/** Whether this tab is in a call, on its way into one, or in a talk over a WebSocket. Does not load the code of calls. */
export function useIsInCall(): boolean {
  const isTalking = useStore(talkActivity, ({ talk }) => talk !== null);
  return useStore(callActivity, (state) => state.isInCall) || isTalking;
}
