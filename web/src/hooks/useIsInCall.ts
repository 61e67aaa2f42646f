import { useStore } from "zustand";
import { callActivity } from "../core/call-activity";

/** Whether this tab is in a call or on its way into one. Does not load the code of calls. */
export function useIsInCall(): boolean {
  return useStore(callActivity, (state) => state.isInCall);
}
