import type { ApiError } from "../core/api-error";
import type { RoomQuery } from "../core/types";
import type { Room } from "../protocol";

export interface RoomsHook {
  rooms: Room[];
  isLoading: boolean;
  error: ApiError | null;
  refetch(): void;
  hasMore: boolean;
  loadMore(): void;
  isLive: boolean;
}

export function useRooms(_query: RoomQuery): RoomsHook {
  return {
    rooms: [],
    isLoading: true,
    error: null,
    refetch: () => {},
    hasMore: false,
    loadMore: () => {},
    isLive: false,
  };
}
