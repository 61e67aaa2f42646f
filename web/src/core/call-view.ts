import { isHost, participantOf, type RoomState } from "./room-state";
import type { CallEnd, CallNotice, CallPhase, CallView } from "./types";

/** What the call knows. `CallView` is made of it. */
export interface CallState {
  phase: CallPhase;
  end: CallEnd | null;
  draining: boolean;
  mediaLost: boolean;
  room: RoomState | null;
  isMuted: boolean;
  mutedByHost: boolean;
  isTalkingWhileMuted: boolean;
}

export const IDLE: CallState = {
  phase: "idle",
  end: null,
  draining: false,
  mediaLost: false,
  room: null,
  isMuted: true,
  mutedByHost: false,
  isTalkingWhileMuted: false,
};

export function viewOf(state: CallState): CallView {
  const { room } = state;
  const me = room ? participantOf(room, room.meId) : null;
  return {
    phase: state.phase,
    end: state.end,
    notice: noticeOf(state),
    room: room?.room ?? null,
    // The microphone is what it is here; the server's word on it comes later.
    me: me && { ...me, isMuted: state.isMuted },
    participants:
      room?.participants.map((p) => (p.id === room.meId ? { ...p, isMuted: state.isMuted } : p)) ?? [],
    isHost: room !== null && isHost(room),
    dominantId: room?.dominantId ?? null,
    isMuted: state.isMuted,
    isTalkingWhileMuted: state.isTalkingWhileMuted,
    mutedByHost: state.mutedByHost,
  };
}

function noticeOf({ phase, draining, mediaLost }: CallState): CallNotice | null {
  if (phase !== "joined" && phase !== "reconnecting") return null;
  if (draining) return "server_restarting";
  if (phase === "reconnecting") return "connection_lost";
  return mediaLost ? "media_lost" : null;
}
