import { useQuery } from "@tanstack/react-query";
import { parlor } from "../core/parlor";
import type { OnlineCount } from "../protocol";
import { queryClient } from "./query-client";
import { useOnlineUsers } from "./useOnlineUsers";
import { useSession } from "./useSession";

const EVERY_MS = 20_000;

/** How many people are here: told by the lobby, which answers nobody who is signed out, so those ask. */
export function useOnlineCount(): number {
  const { user } = useSession();
  const { count } = useOnlineUsers();
  const { data } = useQuery(
    {
      queryKey: ["online"],
      queryFn: ({ signal }) => parlor.api.get<OnlineCount>("/online", { signal, token: null }),
      enabled: user === null,
      refetchInterval: EVERY_MS,
    },
    queryClient,
  );
  return user === null ? (data?.count ?? 0) : count;
}
