import { useEffect, useEffectEvent } from "react";
import { parlor } from "../core/parlor";
import type { RoomEvent } from "../core/room-events";

/** Calls back for what happens in the room: for announcements and toasts. My own actions are not told. */
export function useRoomEvents(onEvent: (event: RoomEvent) => void): void {
  const latest = useEffectEvent(onEvent);
  useEffect(() => parlor.call.events.on((event) => latest(event)), []);
}
