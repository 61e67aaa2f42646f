import { io } from "socket.io-client";
import type { SocketLike } from "./signalling";

/**
 * A socket that does not reconnect by itself: the schedule is ours, since a seat must be taken again each time.
 * `auth` is asked at each attempt, so that a renewed token is used.
 */
export function createSocket(
  namespace: "/rooms" | "/lobby",
  token: () => Promise<string | null>,
): SocketLike {
  return io(namespace, {
    auth: (give) => {
      token().then(
        (value) => give(value ? { token: value } : {}),
        () => give({}),
      );
    },
    autoConnect: false,
    forceNew: true,
    reconnection: false,
    timeout: 4_000,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
  });
}
