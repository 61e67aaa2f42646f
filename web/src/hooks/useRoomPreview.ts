import { useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { RoomPreview } from "../protocol";
import { queryClient } from "./query-client";

export interface RoomPreviewHook {
  room: RoomPreview | null;
  isLoading: boolean;
  error: ApiError | null;
  refetch(): void;
}

const REFRESH_MS = 5_000;

/**
 * A room before joining it, for people who have not signed in too, so that nobody enters a name for a dead link.
 * Signing in keeps the room shown while it is fetched again.
 */
export function useRoomPreview(roomId: string, invite?: string): RoomPreviewHook {
  const userId = useStore(parlor.session.store, (state) => state.user?.id);
  const isKnown = useStore(parlor.session.store, (state) => state.status !== "loading");
  const { data, isLoading, error, refetch } = useQuery<RoomPreview, ApiError>(
    {
      queryKey: ["room", roomId, invite ?? null, userId ?? null],
      queryFn: ({ signal }) =>
        parlor.api.get<RoomPreview>(`/rooms/${encodeURIComponent(roomId)}`, { query: { invite }, signal }),
      enabled: isKnown,
      refetchInterval: (query) => (query.state.status === "error" ? false : REFRESH_MS),
      refetchIntervalInBackground: true,
      placeholderData: (previous) => (previous?.id === roomId ? previous : undefined),
      staleTime: 0,
    },
    queryClient,
  );
  return { room: data ?? null, isLoading, error, refetch: () => void refetch() };
}
