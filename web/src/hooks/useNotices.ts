import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { account } from "../core/account";
import type { ApiError } from "../core/api-error";
import { noticesChanged, unreadNotices } from "../core/notices";
import type { NoticePage } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = ["notices"];

forgetAtSignOut(...KEY);
noticesChanged.on(() => void queryClient.invalidateQueries({ queryKey: KEY }));

/** The person's notices, newest first. Sockets say when there are new ones. */
export function useNotices() {
  return useQuery<NoticePage, ApiError>(
    {
      queryKey: KEY,
      queryFn: async ({ signal }) => {
        const page = await account.api.get<NoticePage>("/notices", { query: { limit: 50 }, signal });
        unreadNotices.setState({ count: page.unread });
        return page;
      },
      staleTime: 10_000,
    },
    queryClient,
  );
}

/** Marks all as read while the list is shown. */
export function useReadNotices(unread: number): void {
  const { mutate } = useMutation<void, ApiError>(
    {
      mutationFn: () => account.api.post<void>("/notices/read", {}),
      onSuccess: () => void queryClient.invalidateQueries({ queryKey: KEY }),
    },
    queryClient,
  );
  useEffect(() => {
    if (unread > 0) mutate();
  }, [unread, mutate]);
}
