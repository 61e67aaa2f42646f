import type { Level, ListedRoom, LobbyEvent } from "../protocol";

export interface RoomFilter {
  levels: Level[];
  search: string;
  sort: "participants" | "newest";
  language?: string;
}

type ChangedRoom = Extract<LobbyEvent, { room: ListedRoom }>;

/**
 * Whether a changed room belongs in the filtered list. `words` are the folded words of the search, which came with
 * the list: only the server folds, so that both sides find the same rooms.
 */
export function matches(change: ChangedRoom, query: RoomFilter, words: readonly string[]): boolean {
  const { room, searchText } = change;
  if (room.type !== "public") return false;
  if (query.levels.length > 0 && !query.levels.includes(room.level)) return false;
  if (query.language && room.language !== query.language) return false;
  return words.every((word) => searchText.includes(word));
}

/** The sorted list after a change in the lobby. */
export function applyChange(
  rooms: ListedRoom[],
  change: LobbyEvent,
  query: RoomFilter,
  words: readonly string[],
): ListedRoom[] {
  switch (change.name) {
    case "room_added":
    case "room_updated": {
      const others = rooms.filter(({ id }) => id !== change.room.id);
      return matches(change, query, words) ? sorted([...others, change.room], query.sort) : others;
    }
    case "room_removed":
      return rooms.filter(({ id }) => id !== change.roomId);
    default:
      return rooms;
  }
}

export function sorted(rooms: ListedRoom[], sort: RoomFilter["sort"]): ListedRoom[] {
  const newest = (a: ListedRoom, b: ListedRoom) =>
    b.createdAt.localeCompare(a.createdAt) || a.id.localeCompare(b.id);
  const fullest = (a: ListedRoom, b: ListedRoom) => b.participantCount - a.participantCount || newest(a, b);
  return [...rooms].sort(sort === "newest" ? newest : fullest);
}
