import { useEffect, useEffectEvent } from "react";
import { parlor } from "../core/parlor";
import type { RoomEvent } from "../core/room-events";

/** Calls back for room events, for announcements and toasts. One's own actions cause none. */
export function useRoomEvents(onEvent: (event: RoomEvent) => void): void {
  const latest = useEffectEvent(onEvent);
  useEffect(() => parlor.call.events.on((event) => latest(event)), []);
}
