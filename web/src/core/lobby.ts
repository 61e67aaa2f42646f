import { createStore } from "zustand/vanilla";
import { LOBBY_EVENTS, type LobbyEvent, type Online } from "../protocol";
import { TOKEN_REFUSALS } from "./api";
import { asProblem } from "./api-error";
import { Emitter } from "./emitter";
import { Reconnector } from "./reconnector";
import type { SocketLike } from "./socket";

export interface LobbyState extends Online {
  isLive: boolean;
}

const OFFLINE: LobbyState = { isLive: false, count: 0, users: [] };
/** The connection is kept this long without watchers, so that a change of page does not reconnect. */
const LINGER_MS = 2_000;

/** Namespace /lobby: connected while a component watches. */
export class Lobby {
  readonly store = createStore<LobbyState>(() => OFFLINE);
  readonly changes = new Emitter<LobbyEvent>();
  private watchers = 0;
  private socket: SocketLike | null = null;
  private reconnector: Reconnector | null = null;
  private lingering: ReturnType<typeof setTimeout> | null = null;

  /** `isAllowed`: somebody is signed in, which the server requires. `renewToken`: the server refused the token. */
  constructor(
    private readonly createSocket: () => SocketLike,
    private readonly isAllowed: () => boolean,
    private readonly renewToken: () => Promise<void>,
  ) {}

  /** Returns the function that ends the watch. */
  watch(): () => void {
    this.watchers += 1;
    if (this.lingering !== null) clearTimeout(this.lingering);
    this.lingering = null;
    if (!this.socket) this.open();
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.watchers -= 1;
      if (this.watchers === 0) this.lingering = setTimeout(() => this.close(), LINGER_MS);
    };
  }

  /** Call it after signing in as somebody else, or out. */
  restart(): void {
    this.close();
    if (this.watchers > 0) this.open();
  }

  private open(): void {
    if (!this.isAllowed()) return;
    const socket = this.createSocket();
    const reconnector = new Reconnector(() => socket.connect());
    this.socket = socket;
    this.reconnector = reconnector;
    const lost = () => {
      if (this.socket !== socket) return;
      this.store.setState({ isLive: false });
      reconnector.failed();
    };
    socket.on("connect", () => {
      reconnector.succeeded();
      this.store.setState({ isLive: true });
    });
    socket.on("disconnect", lost);
    socket.on("connect_error", (error: Error & { data?: unknown }) => {
      const code = asProblem(error.data)?.code ?? "";
      // A refused renewal says what became of the session, or of a ban.
      if (TOKEN_REFUSALS.has(code) || code === "banned") void this.renewToken();
      lost();
    });
    for (const name of LOBBY_EVENTS) {
      socket.on(name, (payload: object) => this.receive({ ...payload, name } as LobbyEvent));
    }
    socket.connect();
  }

  private receive(change: LobbyEvent): void {
    if (change.name === "online") this.store.setState({ count: change.count, users: change.users });
    else if (change.name === "server_draining") this.store.setState({ isLive: false });
    else this.changes.emit(change);
  }

  private close(): void {
    const { socket } = this;
    this.socket = null;
    this.reconnector?.stop();
    this.reconnector = null;
    socket?.disconnect();
    this.store.setState(OFFLINE);
  }
}
