import { useMutation } from "@tanstack/react-query";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import { queryClient } from "./query-client";

/** For the host: invites the tutor to the room or removes it. */
export function useRoomTutor(roomId: string) {
  const path = `/rooms/${roomId}/tutor`;
  const invite = useMutation<unknown, ApiError, { language?: string; voice?: string } | undefined>(
    { mutationFn: (wish) => parlor.api.post(path, wish ?? {}) },
    queryClient,
  );
  const dismiss = useMutation<unknown, ApiError, void>(
    { mutationFn: () => parlor.api.delete(path) },
    queryClient,
  );
  return { invite, dismiss };
}
