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

/**
 * A room before joining it. Without a sign-in the server shows no room, but says whether the link is dead, so that
 * nobody enters a name for nothing.
 */
export function useRoomPreview(roomId: string, invite?: string): RoomPreviewHook {
  const userId = useStore(parlor.session.store, (state) => state.user?.id);
  const isSignedOut = useStore(parlor.session.store, (state) => state.status === "signed-out");
  const path = `/rooms/${encodeURIComponent(roomId)}`;
  const access = useQuery<null, ApiError>(
    {
      queryKey: ["room-access", roomId, invite ?? null],
      queryFn: async ({ signal }) => {
        await parlor.api.get(`${path}/access`, { query: { invite }, token: null, signal });
        return null;
      },
      enabled: isSignedOut,
      retry: false,
      staleTime: 0,
    },
    queryClient,
  );
  const { data, isLoading, error, refetch } = useQuery<Room, ApiError>(
    {
      queryKey: ["room", roomId, invite ?? null, userId ?? null],
      queryFn: ({ signal }) => parlor.api.get<Room>(path, { query: { invite }, signal }),
      enabled: userId !== undefined,
      refetchInterval: (query) => (query.state.status === "error" ? false : REFRESH_MS),
      staleTime: 0,
    },
    queryClient,
  );
  if (isSignedOut)
    return {
      room: null,
      isLoading: access.isLoading,
      error: access.error,
      refetch: () => void access.refetch(),
    };
  return { room: data ?? null, isLoading, error, refetch: () => void refetch() };
}
