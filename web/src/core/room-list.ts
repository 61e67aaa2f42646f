import type { LobbyEvents, Room } from "../protocol";
import type { RoomQuery } from "./types";

export type LobbyChange = { [N in keyof LobbyEvents]: LobbyEvents[N] & { name: N } }[keyof LobbyEvents];

/** Whether a room belongs in a list, as the server decides it: all levels, words in name, topic and tags. */
export function matches(room: Room, query: RoomQuery): boolean {
  if (room.type !== "public") return false;
  if (query.levels.length > 0 && !query.levels.includes(room.level)) return false;
  if (query.language && room.language !== query.language) return false;
  const text = fold([room.name, room.topic, ...room.tags].join(" "));
  return fold(query.search)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The list after a change in the lobby, sorted as asked. */
export function applyChange(rooms: Room[], change: LobbyChange, query: RoomQuery): Room[] {
  switch (change.name) {
    case "room_added":
    case "room_updated": {
      const others = rooms.filter(({ id }) => id !== change.room.id);
      return matches(change.room, query) ? sorted([...others, change.room], query.sort) : others;
    }
    case "room_removed":
      return rooms.filter(({ id }) => id !== change.roomId);
    default:
      return rooms;
  }
}

export function sorted(rooms: Room[], sort: RoomQuery["sort"]): Room[] {
  const newest = (a: Room, b: Room) => b.createdAt.localeCompare(a.createdAt) || a.id.localeCompare(b.id);
  const fullest = (a: Room, b: Room) => b.participantCount - a.participantCount || newest(a, b);
  return [...rooms].sort(sort === "newest" ? newest : fullest);
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().trim();
}
