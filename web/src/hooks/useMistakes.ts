import { useMutation, useQuery } from "@tanstack/react-query";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { Accuracy, MistakeDetail, MistakeList, ReviewResult, Reviews } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "mistakes";

forgetAtSignOut(KEY);

/** Read again whenever the page opens: a talk may have added to it. */
const fresh = { staleTime: 0 } as const;

export function useMistakes() {
  return useQuery<MistakeList, ApiError>(
    { queryKey: [KEY, "list"], queryFn: ({ signal }) => parlor.api.get("/mistakes", { signal }), ...fresh },
    queryClient,
  );
}

/** A mistake with its sentences; null: not yet wanted. */
export function useMistake(id: string | null) {
  return useQuery<MistakeDetail, ApiError>(
    {
      queryKey: [KEY, "one", id],
      queryFn: ({ signal }) => parlor.api.get(`/mistakes/${id}`, { signal }),
      enabled: id !== null,
    },
    queryClient,
  );
}

export function useAccuracy(weeks: number) {
  return useQuery<Accuracy, ApiError>(
    {
      queryKey: [KEY, "accuracy", weeks],
      queryFn: ({ signal }) => parlor.api.get("/progress/accuracy", { query: { weeks }, signal }),
      ...fresh,
    },
    queryClient,
  );
}

export interface ReviewsHook {
  /** Exercises for mistakes that are due now. */
  load(): Promise<Reviews>;
  /** `text` null asks for the right sentence. */
  answer(mistakeId: string, text: string | null, attempt: 1 | 2): Promise<ReviewResult>;
  /** After a review: the figures have changed. */
  refresh(): void;
}

const reviews: ReviewsHook = {
  load: () => parlor.api.get<Reviews>("/reviews"),
  answer: (mistakeId, text, attempt) =>
    parlor.api.post<ReviewResult>(`/reviews/${mistakeId}`, { text, attempt }),
  refresh: () => void queryClient.invalidateQueries({ queryKey: [KEY] }),
};

export const useReviews = () => reviews;

export function useForgetMistake() {
  return useMutation<void, ApiError, string>(
    {
      mutationFn: (id) => parlor.api.delete<void>(`/mistakes/${id}`),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
    },
    queryClient,
  );
}
