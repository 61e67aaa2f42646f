import { type ClientEvents, SERVER_EVENTS, type ServerEvents, type Snapshot } from "../protocol";
import { ApiError, asProblem, noAnswer } from "./api-error";
import { Reconnector } from "./reconnector";
import { SeqGate } from "./seq-gate";

/** What is used of a socket.io socket, so that tests can stand in for it. */
export interface SocketLike {
  readonly connected: boolean;
  connect(): unknown;
  disconnect(): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: socket.io's own listener type
  on(event: string, listener: (...args: any[]) => void): unknown;
  timeout(ms: number): { emitWithAck(event: string, payload: unknown): Promise<unknown> };
}

export type ServerEvent = { [N in keyof ServerEvents]: ServerEvents[N] & { name: N } }[keyof ServerEvents];

export interface SignallingHandlers {
  /** Connected: take the seat now, then call `baseline` with the number in the ack. */
  up(): void;
  /** Lost, or an attempt failed; the next one is scheduled. */
  down(): void;
  /** The server refused the connection itself: a token that is not good, an origin, too many connections. */
  refused(error: ApiError): void;
  event(event: ServerEvent): void;
  snapshot(snapshot: Snapshot): void;
}

export interface SignallingDeps {
  createSocket(): SocketLike;
  random?: () => number;
}

export const ACK_TIMEOUT_MS = 5_000;
export const PROBE_TIMEOUT_MS = 1_500;

/** Namespace /rooms: requests with answers, numbered events healed after gaps, and a connection that comes back. */
export class Signalling {
  private readonly socket: SocketLike;
  private readonly gate = new SeqGate<ServerEvent>();
  private readonly reconnector: Reconnector;
  private closed = false;
  private syncing = false;
  private probing = false;

  constructor(
    deps: SignallingDeps,
    private readonly handlers: SignallingHandlers,
  ) {
    this.socket = deps.createSocket();
    this.reconnector = new Reconnector(() => this.socket.connect(), deps.random);
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
  async request<N extends keyof ClientEvents>(
    event: N,
    payload: ClientEvents[N]["payload"],
    timeoutMs = ACK_TIMEOUT_MS,
  ): Promise<ClientEvents[N]["ack"]> {
    // socket.io would keep it for the next connection, where it would arrive before `join`.
    if (!this.socket.connected) throw noAnswer("network");
    let answer: unknown;
    try {
      answer = await this.socket.timeout(timeoutMs).emitWithAck(event, payload);
    } catch {
      throw noAnswer(this.socket.connected ? "timeout" : "network");
    }
    const refusal = asProblem((answer as { error?: unknown } | null)?.error);
    if (refusal) throw new ApiError(refusal);
    return answer as ClientEvents[N]["ack"];
  }

  /** The seat is taken and its state, up to event `seq`, is known: let the events after it through. */
  baseline(seq: number): void {
    this.reconnector.succeeded();
    this.pass(this.gate.baseline(seq));
  }

  /** The connection is suspect (network change, no answer): drop it now rather than after socket.io's 45 s. */
  reconnect(): void {
    if (this.closed) return;
    if (this.socket.connected) {
      this.socket.disconnect();
      this.gate.reset();
      this.handlers.down();
    }
    if (!this.closed) this.reconnector.now();
  }

  /** Ask whether the server still hears us; reconnect if not. While down: try at once. */
  async probe(): Promise<void> {
    if (this.closed || this.probing) return;
    if (!this.socket.connected) {
      // An attempt that began on the old network would hang for seconds.
      this.socket.disconnect();
      this.reconnector.now();
      return;
    }
    this.probing = true;
    try {
      await this.request("ping", {}, PROBE_TIMEOUT_MS);
    } catch (error) {
      if (error instanceof ApiError && error.code === "timeout") this.reconnect();
    } finally {
      this.probing = false;
    }
  }

  /** After `refused` was dealt with, or a `join` that may succeed later. */
  retry(atLeastMs = 0): void {
    if (this.closed) return;
    this.socket.disconnect();
    this.reconnector.failed(atLeastMs);
  }

  private listen(): void {
    this.socket.on("connect", () => {
      this.gate.reset();
      this.reconnector.connected();
      this.handlers.up();
    });
    this.socket.on("disconnect", (reason: string) => {
      // Ours: `reconnect`, `retry` and `close` say themselves what comes next.
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
      // A lost connection comes back by itself; a silent one is dropped, since a new one brings a whole snapshot.
      if (!(error instanceof ApiError)) throw error;
      if (error.code !== "network") this.reconnect();
    }
  }
}
