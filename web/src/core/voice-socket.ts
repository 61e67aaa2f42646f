import { LATER_DELAYS_MS, Reconnector, watchNetwork } from "./reconnector";

/** Codes with which the server, or a lost network, closes a connection. */
export const TRY_LATER = 1013;
export const LOST = 1006;
/** ms until a session without any message counts as lost before it is ready: the server waits 30 s for a worker that loads its engines. */
const OPENING_MS = 35_000;
/** ms after which a ready session counts as one that works: failures are counted anew. */
const STABLE_MS = 10_000;
/** ms in which a sign of life must be answered after the route to the server may have changed. */
const ANSWER_MS = 4_000;

export interface VoiceSocketDeps {
  /** Opens a WebSocket to the session, with the token of who is signed in. */
  open(): Promise<WebSocket>;
  now(): number;
  random(): number;
}

/** The handlers with which one protocol uses the connection. */
export interface VoiceSocketUse {
  /** ms between signs of life, and without any message until a ready session counts as lost. */
  probeMs: number;
  silenceMs: number;
  /** The WebSocket is open; the session may not be. */
  opened(): void;
  received(data: unknown): void;
  /** Sends a sign of life, which the server answers. */
  probe(): void;
  /** Returns whether to connect again. `failures`: connections in a row that did not last, with this one. */
  lost(code: number, failures: number): boolean;
}

/**
 * The WebSocket of one voice session: opened again after it was lost, at once at first and then later each time, and
 * when the network comes back. `start`, then `stop`.
 */
export class VoiceSocket {
  private socket: WebSocket | null = null;
  private reconnector: Reconnector | null = null;
  private ends: (() => void)[] = [];
  private probing: ReturnType<typeof setInterval> | undefined;
  private answering: ReturnType<typeof setTimeout> | undefined;
  /** Incremented by each start and stop, so that what was begun before has no effect. */
  private epoch = 0;
  private failures = 0;
  private receivedAt = 0;
  private readyAt: number | null = null;

  constructor(
    private readonly deps: VoiceSocketDeps,
    private readonly use: VoiceSocketUse,
  ) {}

  start(): void {
    this.stop();
    this.failures = 0;
    this.reconnector = new Reconnector(() => void this.connect(), this.deps.random);
    window.addEventListener("offline", this.wentOffline);
    this.ends = [
      watchNetwork(() => this.networkChanged()),
      () => window.removeEventListener("offline", this.wentOffline),
    ];
    void this.connect();
  }

  /** Idempotent. */
  stop(): void {
    this.epoch += 1;
    this.reconnector?.stop();
    this.reconnector = null;
    for (const end of this.ends) end();
    this.ends = [];
    const { socket } = this;
    this.release();
    socket?.close(1000);
  }

  /** The session has a worker: the protocol's own first message says so. */
  ready(): void {
    this.readyAt ??= this.deps.now();
  }

  /** Connects at once, if it waits for the next attempt. */
  retry(): void {
    this.reconnector?.hurry();
  }

  get isOpen(): boolean {
    return this.socket?.readyState === 1;
  }

  /** Bytes that wait in the browser. */
  get waiting(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  /** Messages sent without a connection are lost. */
  send(message: { type: string } | Int16Array<ArrayBuffer>): void {
    if (!this.isOpen) return;
    this.socket?.send(message instanceof Int16Array ? message : JSON.stringify(message));
  }

  private async connect(): Promise<void> {
    const { epoch } = this;
    const socket = await this.deps.open().catch(() => null);
    if (epoch !== this.epoch) return socket?.close();
    if (!socket) return this.lost(LOST);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    this.receivedAt = this.deps.now();
    socket.onopen = () => this.use.opened();
    socket.onmessage = ({ data }) => {
      this.receivedAt = this.deps.now();
      this.use.received(data);
    };
    socket.onclose = ({ code }) => this.lost(code);
    this.probing = setInterval(() => this.look(), this.use.probeMs);
  }

  private lost(code: number): void {
    const hasLasted = this.readyAt !== null && this.deps.now() - this.readyAt >= STABLE_MS;
    this.release();
    if (hasLasted) {
      this.failures = 0;
      this.reconnector?.succeeded();
    }
    this.failures += 1;
    const { epoch } = this;
    const goesOn = this.use.lost(code, this.failures);
    if (epoch !== this.epoch) return;
    if (!goesOn) this.stop();
    else if (code === TRY_LATER) this.reconnector?.failed(0, LATER_DELAYS_MS);
    else this.reconnector?.failed();
  }

  private look(): void {
    const limit = this.readyAt === null ? OPENING_MS : this.use.silenceMs;
    if (this.deps.now() - this.receivedAt >= limit) this.cut();
    else this.use.probe();
  }

  /** A connection that died without an end, or that never opened. */
  private cut(): void {
    const { socket } = this;
    if (socket) socket.onclose = null;
    this.lost(LOST);
    socket?.close();
  }

  private readonly wentOffline = () => {
    if (this.socket) this.cut();
  };

  private networkChanged(): void {
    if (!this.socket) this.retry();
    if (this.readyAt === null) return;
    const asked = this.deps.now();
    this.use.probe();
    clearTimeout(this.answering);
    this.answering = setTimeout(() => {
      if (this.receivedAt <= asked) this.cut();
    }, ANSWER_MS);
  }

  private release(): void {
    clearInterval(this.probing);
    clearTimeout(this.answering);
    if (this.socket) this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket = null;
    this.readyAt = null;
  }
}
