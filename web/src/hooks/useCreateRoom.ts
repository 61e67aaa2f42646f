import { useMutation } from "@tanstack/react-query";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { CreatedRoom, CreateRoom } from "../protocol";
import { queryClient } from "./query-client";
import { conversationBegins } from "./useConversations";

export interface CreateRoomHook {
  /** Rejects with ApiError. */
  create(room: CreateRoom): Promise<CreatedRoom>;
  isPending: boolean;
  error: ApiError | null;
}

export function useCreateRoom(): CreateRoomHook {
  const { mutateAsync, isPending, error } = useMutation<CreatedRoom, ApiError, CreateRoom>(
    {
      mutationFn: (room) => parlor.api.post<CreatedRoom>("/rooms", room),
      onSuccess: ({ tutor }) => {
        if (tutor) conversationBegins(tutor.conversationId);
        return queryClient.invalidateQueries({ queryKey: ["rooms"] });
      },
    },
    queryClient,
  );
  return { create: mutateAsync, isPending, error };
}
