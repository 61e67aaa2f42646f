import type { ApiError } from "../core/api-error";
import type { CreatedRoom, CreateRoom } from "../protocol";

export interface CreateRoomHook {
  /** Rejects with ApiError. */
  create(room: CreateRoom): Promise<CreatedRoom>;
  isPending: boolean;
  error: ApiError | null;
}

export function useCreateRoom(): CreateRoomHook {
  return { create: () => Promise.reject(new Error("not there yet")), isPending: false, error: null };
}
