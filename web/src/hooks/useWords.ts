import { useMutation, useQuery } from "@tanstack/react-query";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { AddWord, ReviewResult, WordList, WordReviews } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "words";
const changed = () => void queryClient.invalidateQueries({ queryKey: [KEY] });

forgetAtSignOut(KEY);

export function useWords() {
  return useQuery<WordList, ApiError>(
    { queryKey: [KEY], queryFn: ({ signal }) => parlor.api.get("/words", { signal }), staleTime: 0 },
    queryClient,
  );
}

export function useAddWord() {
  return useMutation<void, ApiError, AddWord>(
    { mutationFn: (word) => parlor.api.post<void>("/words", word), onSuccess: changed },
    queryClient,
  );
}

/** Null deletes all words. */
export function useForgetWord() {
  return useMutation<void, ApiError, string | null>(
    {
      mutationFn: (id) => parlor.api.delete<void>(id === null ? "/words" : `/words/${id}`),
      onSuccess: changed,
    },
    queryClient,
  );
}

const reviews = {
  /** Exercises for words that are due now. */
  load: () => parlor.api.get<WordReviews>("/word-reviews"),
  /** `text` null asks for the word. */
  answer: (wordId: string, text: string | null, attempt: 1 | 2) =>
    parlor.api.post<ReviewResult>(`/word-reviews/${wordId}`, { text, attempt }),
  /** After a review: the figures have changed. */
  refresh: changed,
};

export const useWordReviews = () => reviews;
