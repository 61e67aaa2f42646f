import { notifyManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { ApiError } from "../core/api-error";
import { queryClient } from "./query-client";

const cache = queryClient.getQueryCache();

/** Batched, because the cache also changes while another component renders. */
const subscribe = (changed: () => void) => cache.subscribe(notifyManager.batchCalls(changed));

/** Why the page has waited for the server more than once; null if it has not. The requests are repeated meanwhile. */
export function useLoadTrouble(): ApiError | null {
  return useSyncExternalStore(subscribe, failureOfPending);
}

function failureOfPending(): ApiError | null {
  for (const query of cache.getAll()) {
    const { status, fetchFailureReason } = query.state;
    if (query.isActive() && status === "pending" && fetchFailureReason instanceof ApiError)
      return fetchFailureReason;
  }
  return null;
}
