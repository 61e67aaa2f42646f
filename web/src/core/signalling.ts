import {
  type ClientAck,
  type ClientEvent,
  type ClientPayload,
  SERVER_EVENTS,
  type ServerEvent,
  type ServerEvents,
  type Snapshot,
} from "../protocol";
import { ApiError, asProblem, noAnswer } from "./api-error";
import { Reconnector } from "./reconnector";
import { SeqGate } from "./seq-gate";
import type { SocketLike } from "./socket";

export interface SignallingHandlers {
  /** Connected: send `join` now, then call `baseline` with the `seq` of its ack. */
  up(): void;
  /** The connection is lost, or an attempt failed. The next attempt is scheduled. */
  down(): void;
  /** The server refused the connection: a bad token, a bad origin or too many connections. */
  refused(error: ApiError): void;
  event(event: ServerEvent): void;
  snapshot(snapshot: Snapshot): void;
}

export interface SignallingDeps {
  createSocket(): SocketLike;
  /** Before each attempt but the first: finds the server to connect to. Null if there is only one. Never rejects. */
  findServer?(): Promise<void> | null;
  random?: () => number;
}

export const ACK_TIMEOUT_MS = 5_000;
export const PROBE_TIMEOUT_MS = 1_500;

/** Namespace /rooms: requests with acks, numbered events with a snapshot after a gap, and reconnection. */
export class Signalling {
  private readonly socket: SocketLike;
  private readonly gate = new SeqGate<ServerEvent>();
  private readonly reconnector: Reconnector;
  private closed = false;
  private syncing = false;
  private probing = false;
  private attempts = 0;

  constructor(
    private readonly deps: SignallingDeps,
    private readonly handlers: SignallingHandlers,
  ) {
    this.socket = deps.createSocket();
    this.reconnector = new Reconnector(() => this.attempt(), deps.random);
    this.listen();
  }

  get isUp(): boolean {
    return this.socket.connected;
  }

  open(): void {
    this.socket.connect();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.reconnector.stop();
    this.socket.disconnect();
  }

  /** Rejects with ApiError: the server's refusal, or `timeout` / `network`. */
  async request<N extends ClientEvent>(
    event: N,
    payload: ClientPayload<N>,
    timeoutMs = ACK_TIMEOUT_MS,
  ): Promise<ClientAck<N>> {
    // socket.io would queue it for the next connection, where it would arrive before `join`.
    if (!this.socket.connected) throw noAnswer("network");
    let answer: unknown;
    try {
      answer = await this.socket.timeout(timeoutMs).emitWithAck(event, payload);
    } catch {
      throw noAnswer(this.socket.connected ? "timeout" : "network");
    }
    const refusal = asProblem((answer as { error?: unknown } | null)?.error);
    if (refusal) throw new ApiError(refusal);
    return answer as ClientAck<N>;
  }

  /** The state up to event `seq` is known: deliver the events after it. */
  baseline(seq: number): void {
    this.reconnector.succeeded();
    this.pass(this.gate.baseline(seq));
  }

  /** Drops a suspect connection (network change, no ack) now instead of after socket.io's 45 s, and reconnects. */
  reconnect(): void {
    if (this.closed) return;
    if (this.socket.connected) {
      this.socket.disconnect();
      this.gate.reset();
      this.handlers.down();
    }
    if (!this.closed) this.reconnector.now();
  }

  /** Pings the server and reconnects if it does not answer. While disconnected: tries at once. */
  async probe(timeoutMs = PROBE_TIMEOUT_MS): Promise<void> {
    if (this.closed || this.probing) return;
    if (!this.socket.connected) {
      // An attempt that was started on the old network would hang for seconds.
      this.socket.disconnect();
      this.reconnector.now();
      return;
    }
    this.probing = true;
    try {
      await this.request("ping", {}, timeoutMs);
    } catch (error) {
      if (error instanceof ApiError && error.code === "timeout") this.reconnect();
    } finally {
      this.probing = false;
    }
  }

  /** Connects again after a refusal that was handled, or for a `join` that may succeed later. */
  retry(atLeastMs = 0): void {
    if (this.closed) return;
    this.socket.disconnect();
    this.reconnector.failed(atLeastMs);
  }

  private attempt(): void {
    const search = this.deps.findServer?.() ?? null;
    if (!search) {
      this.socket.connect();
      return;
    }
    this.attempts += 1;
    const number = this.attempts;
    void search.then(() => {
      if (!this.closed && number === this.attempts) this.socket.connect();
    });
  }

  private listen(): void {
    this.socket.on("connect", () => {
      this.gate.reset();
      this.reconnector.connected();
      this.handlers.up();
    });
    this.socket.on("disconnect", (reason: string) => {
      // `reconnect`, `retry` and `close` disconnect on purpose and schedule what follows themselves.
      if (this.closed || reason === "io client disconnect") return;
      this.gate.reset();
      this.handlers.down();
      if (!this.closed) this.reconnector.failed();
    });
    this.socket.on("connect_error", (error: Error & { data?: unknown }) => this.failedToConnect(error));
    for (const name of SERVER_EVENTS) {
      this.socket.on(name, (payload: ServerEvents[typeof name]) =>
        this.receive({ ...payload, name } as ServerEvent),
      );
    }
  }

  private failedToConnect(error: Error & { data?: unknown }): void {
    if (this.closed) return;
    const data = error.data as { error?: unknown } | undefined;
    const refusal = asProblem(data?.error) ?? asProblem(data);
    if (refusal) this.handlers.refused(new ApiError(refusal));
    else {
      this.handlers.down();
      if (!this.closed) this.reconnector.failed();
    }
  }

  private receive(event: ServerEvent): void {
    if (this.closed || !Number.isInteger(event.seq)) return;
    this.pass(this.gate.offer(event));
  }

  private pass({ deliver, gap }: { deliver: ServerEvent[]; gap: boolean }): void {
    for (const event of deliver) {
      if (this.closed) return;
      this.handlers.event(event);
    }
    if (gap) void this.sync();
  }

  private async sync(): Promise<void> {
    if (this.syncing || this.closed) return;
    this.syncing = true;
    try {
      const snapshot = await this.request("sync", {});
      this.syncing = false;
      if (this.closed) return;
      this.handlers.snapshot(snapshot);
      this.baseline(snapshot.seq);
    } catch (error) {
      this.syncing = false;
      // A lost connection reconnects by itself. A silent one is dropped, because a new `join` brings a snapshot.
      if (!(error instanceof ApiError)) throw error;
      if (error.code !== "network") this.reconnect();
    }
  }
}
