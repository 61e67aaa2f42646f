import { useQuery } from "@tanstack/react-query";
import { parlor } from "../core/parlor";
import type { OnlineCount } from "../protocol";
import { queryClient } from "./query-client";
import { useOnlineUsers } from "./useOnlineUsers";
import { useSession } from "./useSession";

const EVERY_MS = 20_000;

/** Number of people online: from the lobby, or by polling while signed out, because the lobby requires a sign-in. */
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
