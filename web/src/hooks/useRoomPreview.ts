import type { ApiError } from "../core/api-error";
import type { Room } from "../protocol";

export interface RoomPreviewHook {
  room: Room | null;
  isLoading: boolean;
  error: ApiError | null;
  refetch(): void;
}

export function useRoomPreview(_roomId: string, _invite?: string): RoomPreviewHook {
  return { room: null, isLoading: true, error: null, refetch: () => {} };
}
