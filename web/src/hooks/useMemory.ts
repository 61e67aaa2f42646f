import { useMutation, useQuery } from "@tanstack/react-query";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { MemoryChange, MemoryPage } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "memory";

forgetAtSignOut(KEY);

/** The tutor's memory of the person in a language. */
export function useMemory(language: string) {
  return useQuery<MemoryPage, ApiError>(
    {
      queryKey: [KEY, language],
      queryFn: ({ signal }) => parlor.api.get("/memory", { query: { language }, signal }),
      staleTime: 0,
    },
    queryClient,
  );
}

export interface MemoryActions {
  change(change: MemoryChange): Promise<void>;
  /** An empty text forgets the talk. */
  noteTalk(conversationId: string, text: string): Promise<void>;
  forgetAll(): Promise<void>;
}

/** Each resolves when the change is stored. */
export function useMemoryActions(): MemoryActions {
  const { mutateAsync } = useMutation<void, ApiError, () => Promise<void>>(
    {
      mutationFn: (work) => work(),
      onSuccess: () => {
        for (const key of [KEY, "words", "mistakes"]) void queryClient.invalidateQueries({ queryKey: [key] });
      },
    },
    queryClient,
  );
  return {
    change: (change) => mutateAsync(() => parlor.api.patch<void>("/memory", change)),
    noteTalk: (id, text) =>
      mutateAsync(() =>
        text
          ? parlor.api.put<void>(`/memory/talks/${id}`, { text })
          : parlor.api.delete<void>(`/memory/talks/${id}`),
      ),
    forgetAll: () => mutateAsync(() => parlor.api.delete<void>("/memory")),
  };
}
