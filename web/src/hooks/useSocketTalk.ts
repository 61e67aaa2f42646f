import { useStore } from "zustand";
import { type SocketTalk, talkActivity } from "../core/call-activity";

/** The talk with the tutor that goes over a WebSocket, for what asks before a page is left. Null if there is none. */
export function useSocketTalk(): SocketTalk | null {
  return useStore(talkActivity, ({ talk }) => talk);
}
