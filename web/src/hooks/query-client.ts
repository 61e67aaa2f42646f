import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "../core/api-error";

const MAX_RETRIES = 3;

/** The cache of what REST answers. Only what may succeed later is tried again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => error instanceof ApiError && error.retryable && failures < MAX_RETRIES,
    },
  },
});
