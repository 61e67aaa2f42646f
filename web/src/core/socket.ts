import { io } from "socket.io-client";

/** The part of a socket.io socket that is used, so that tests can replace it. */
export interface SocketLike {
  readonly connected: boolean;
  connect(): unknown;
  disconnect(): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: socket.io's own listener type
  on(event: string, listener: (...args: any[]) => void): unknown;
  timeout(ms: number): { emitWithAck(event: string, payload: unknown): Promise<unknown> };
}

/**
 * A socket that does not reconnect by itself: `Reconnector` schedules that, because each connection has to join again.
 * socket.io calls `auth` for every attempt, so a renewed token is used.
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
