import { useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { Room } from "../protocol";
import { queryClient } from "./query-client";

export interface RoomPreviewHook {
  room: Room | null;
  isLoading: boolean;
  error: ApiError | null;
  refetch(): void;
}

const REFRESH_MS = 5_000;

/** A room before joining it. Waits for a sign-in, which the server requires. */
export function useRoomPreview(roomId: string, invite?: string): RoomPreviewHook {
  const userId = useStore(parlor.session.store, (state) => state.user?.id);
  const { data, isLoading, error, refetch } = useQuery<Room, ApiError>(
    {
      queryKey: ["room", roomId, invite ?? null, userId ?? null],
      queryFn: ({ signal }) =>
        parlor.api.get<Room>(`/rooms/${encodeURIComponent(roomId)}`, { query: { invite }, signal }),
      enabled: userId !== undefined,
      refetchInterval: (query) => (query.state.status === "error" ? false : REFRESH_MS),
      staleTime: 0,
    },
    queryClient,
  );
  return { room: data ?? null, isLoading, error, refetch: () => void refetch() };
}
