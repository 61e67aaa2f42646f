import { createStore } from "zustand/vanilla";

/** Whether this tab is in a call, for parts of the page that are loaded without the code of calls. */
export const callActivity = createStore(() => ({ isInCall: false }));

export interface SocketTalk {
  isMuted: boolean;
  /** Closes it; it can be resumed. */
  leave(): void;
}

/** The talk with the tutor over a WebSocket, which is no call; null if there is none. */
export const talkActivity = createStore<{ talk: SocketTalk | null }>(() => ({ talk: null }));
