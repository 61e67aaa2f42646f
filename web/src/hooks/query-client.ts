import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "../core/api-error";

const MAX_RETRIES = 3;

/** The cache of REST responses. Only retryable errors are retried. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => error instanceof ApiError && error.retryable && failures < MAX_RETRIES,
    },
  },
});
