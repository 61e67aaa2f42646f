import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiError } from "../core/api-error";
import { parlor } from "../core/parlor";
import type { TalkSummary } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "summary";
/** The last words of a talk are stored up to five seconds after its end. */
const SETTLED_AFTER_MS = 6_000;
const AGAIN_MS = 1_500;

forgetAtSignOut(KEY);

/** `hasJustEnded`: the summary is read again until the last words are stored. */
export function useTalkSummary(conversationId: string, { hasJustEnded = false } = {}) {
  // A talk may be continued and end again, so that the number of answers says nothing.
  const [since] = useState(() => Date.now());
  return useQuery<TalkSummary, ApiError>(
    {
      queryKey: [KEY, conversationId, hasJustEnded],
      queryFn: ({ signal }) => parlor.api.get(`/conversations/${conversationId}/summary`, { signal }),
      staleTime: 0,
      // A talk in which nothing was said has none.
      retry: false,
      refetchInterval: () => (hasJustEnded && Date.now() - since < SETTLED_AFTER_MS ? AGAIN_MS : false),
    },
    queryClient,
  );
}
