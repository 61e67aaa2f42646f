import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "../core/api-error";

const LONGEST_PAUSE_MS = 8_000;

/** ms before a request is repeated; the server may ask for longer. */
function pauseBefore(failures: number, error: unknown): number {
  const asked = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0;
  return Math.max(asked, Math.min(1000 * 2 ** failures, LONGEST_PAUSE_MS));
}

/**
 * The cache of REST responses. Retryable errors are retried until an answer comes, so that a page comes back by itself;
 * `useLoadTrouble` says meanwhile what is wrong. While the browser is offline, requests wait for the network.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (_failures, error) => error instanceof ApiError && error.retryable,
      retryDelay: pauseBefore,
    },
    // A click should fail at once without a network, and not act minutes later.
    mutations: { networkMode: "always" },
  },
});
