import { io } from "socket.io-client";
import type { Transport, TransportRoute } from "./transport-route";

/** The part of a socket.io socket that is used, so that tests can replace it. */
export interface SocketLike {
  readonly connected: boolean;
  connect(): unknown;
  disconnect(): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: socket.io's own listener type
  on(event: string, listener: (...args: any[]) => void): unknown;
  timeout(ms: number): { emitWithAck(event: string, payload: unknown): Promise<unknown> };
}

/** ms until an unanswered WebSocket is given up. With polling after it, a person waits less than 5 s. */
export const WEBSOCKET_SILENCE_MS = 2_500;
const POLLING_SILENCE_MS = 5_000;
/** ms from sending the token to the answer of the namespace, for which socket.io has no limit. */
const NAMESPACE_SILENCE_MS = 5_000;

/**
 * A socket that does not reconnect by itself: `Reconnector` schedules that, because each connection has to join again.
 * socket.io calls `auth` for every attempt, so a renewed token is used. `base` is read for every attempt too.
 */
export function createSocket(
  namespace: "/rooms" | "/lobby",
  token: () => Promise<string | null>,
  route: TransportRoute,
  base: () => string = () => "",
): SocketLike {
  let tried: Transport = "websocket";
  let limit: ReturnType<typeof setTimeout> | undefined;
  const socket = io(namespace, {
    auth: (give) => {
      const { engine } = manager;
      // The connection may be lost, and another one begun, while a token is renewed.
      const send = (data: object) => manager.engine === engine && sendAuth(give, data);
      token().then(
        (value) => send(value ? { token: value } : {}),
        () => send({}),
      );
    },
    autoConnect: false,
    forceNew: true,
    reconnection: false,
    tryAllTransports: true,
  });
  const { io: manager } = socket;

  const sendAuth = (give: (data: object) => void, data: object) => {
    clearTimeout(limit);
    limit = setTimeout(() => {
      route.silent(tried);
      // Reported as `disconnect`.
      manager.engine.close();
    }, NAMESPACE_SILENCE_MS);
    give(data);
  };
  socket.on("connect", () => {
    clearTimeout(limit);
    route.connected();
  });
  socket.on("connect_error", (error) => {
    clearTimeout(limit);
    if (error.message === "timeout") route.silent(tried);
  });
  socket.on("disconnect", () => clearTimeout(limit));

  return {
    get connected() {
      return socket.connected;
    },
    connect: () => {
      const { transports } = route;
      tried = transports[0] ?? "websocket";
      manager.opts.transports = transports;
      const { uri, path } = socketAddress(base(), location.origin);
      // socket.io has no way to let a socket connect to another server.
      Object.assign(manager, { uri });
      manager.opts.path = path;
      manager.timeout(tried === "websocket" ? WEBSOCKET_SILENCE_MS : POLLING_SILENCE_MS);
      socket.connect();
    },
    disconnect: () => {
      clearTimeout(limit);
      socket.disconnect();
    },
    on: (event, listener) => socket.on(event, listener),
    timeout: (ms) => socket.timeout(ms),
  };
}

/** The address of Socket.IO below `base`, a URL or a path on the page's origin. */
export function socketAddress(base: string, page: string): { uri: string; path: string } {
  const url = new URL(`${base}/socket.io/`, page);
  return { uri: url.origin, path: url.pathname };
}
