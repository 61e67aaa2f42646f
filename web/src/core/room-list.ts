import type { Level, LobbyEvent, Room } from "../protocol";

export interface RoomFilter {
  levels: Level[];
  search: string;
  sort: "participants" | "newest";
  language?: string;
}

/** Whether a room belongs in the filtered list. The same rules as on the server: levels, words in name, topic, tags. */
export function matches(room: Room, query: RoomFilter): boolean {
  if (room.type !== "public") return false;
  if (query.levels.length > 0 && !query.levels.includes(room.level)) return false;
  if (query.language && room.language !== query.language) return false;
  const text = fold([room.name, room.topic, ...room.tags].join(" "));
  return fold(query.search)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The sorted list after a change in the lobby. */
export function applyChange(rooms: Room[], change: LobbyEvent, query: RoomFilter): Room[] {
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

export function sorted(rooms: Room[], sort: RoomFilter["sort"]): Room[] {
  const newest = (a: Room, b: Room) => b.createdAt.localeCompare(a.createdAt) || a.id.localeCompare(b.id);
  const fullest = (a: Room, b: Room) => b.participantCount - a.participantCount || newest(a, b);
  return [...rooms].sort(sort === "newest" ? newest : fullest);
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().trim();
}
