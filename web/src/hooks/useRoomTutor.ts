import { useMutation } from "@tanstack/react-query";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { ChosenClass } from "../protocol";
import { queryClient } from "./query-client";

/** Members that are left out stay unchanged; a null base ends the answers from documents, a null class ends the class. */
export interface InviteWish {
  language?: string;
  voice?: string;
  knowledgeBaseId?: string | null;
  teaches?: ChosenClass | null;
}

/** For the host: invites the tutor to the room or removes it. */
export function useRoomTutor(roomId: string) {
  const path = `/rooms/${roomId}/tutor`;
  const invite = useMutation<unknown, ApiError, InviteWish | undefined>(
    { mutationFn: (wish) => parlor.api.post(path, wish ?? {}) },
    queryClient,
  );
  const dismiss = useMutation<unknown, ApiError, void>(
    { mutationFn: () => parlor.api.delete(path) },
    queryClient,
  );
  return { invite, dismiss };
}
