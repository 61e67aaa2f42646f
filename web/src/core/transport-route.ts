import { createStore } from "zustand/vanilla";
import type { KeyValueStorage } from "./storage";

export type Transport = "websocket" | "polling";

export interface RouteState {
  /** WebSockets stayed silent here, so connections use HTTP requests (long polling). */
  isDetour: boolean;
}

const KEY = "parlor.transport";

/**
 * Chooses the transports of the next attempt, for all sockets of the page. A WebSocket is the faster one, but some proxies
 * swallow it: they answer nothing, or accept it and pass nothing on. Silence on one transport moves to the other. What
 * worked after a silence is kept for the session, until the network changes.
 */
export class TransportRoute {
  readonly store;

  constructor(private readonly storage: KeyValueStorage) {
    this.store = createStore<RouteState>(() => ({ isDetour: storage.getItem(KEY) === "polling" }));
  }

  /** In the order in which they are tried. A WebSocket that is refused at once is followed by polling at once. */
  get transports(): Transport[] {
    return this.store.getState().isDetour ? ["polling"] : ["websocket", "polling"];
  }

  /** An attempt that began with `tried` got no answer in time. */
  silent(tried: Transport): void {
    this.storage.removeItem(KEY);
    this.store.setState({ isDetour: tried === "websocket" });
  }

  connected(): void {
    if (this.store.getState().isDetour) this.storage.setItem(KEY, "polling");
  }

  /** Another network may pass WebSockets. */
  networkChanged(): void {
    this.storage.removeItem(KEY);
    this.store.setState({ isDetour: false });
  }
}
