import type { RoomEvent } from "../core/types";

/** Calls back for what happens in the room: for announcements and toasts. My own actions are not told. */
export function useRoomEvents(_onEvent: (event: RoomEvent) => void): void {}
