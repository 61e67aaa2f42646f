import type { SocketLike } from "../core/socket";

type Listener = (...args: unknown[]) => void;
type Answer = (payload: unknown) => unknown;

export const SILENCE = Symbol("no answer");

/** A socket.io socket with a table of acks in place of a server. The ack SILENCE times out at once. */
export class FakeSocket implements SocketLike {
  connected = false;
  /** Whether `connect` succeeds. */
  reachable = true;
  refusal: unknown = null;
  attempts = 0;
  readonly sent: { event: string; payload: unknown }[] = [];
  readonly answers: Record<string, Answer> = {};
  private readonly listeners = new Map<string, Listener[]>();

  on(event: string, listener: Listener): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  connect(): void {
    this.attempts += 1;
    if (this.refusal) this.emit("connect_error", Object.assign(new Error("refused"), { data: this.refusal }));
    else if (this.reachable) {
      this.connected = true;
      this.emit("connect");
    } else this.emit("connect_error", new Error("unreachable"));
  }

  disconnect(): void {
    if (!this.connected) return;
    this.connected = false;
    this.emit("disconnect", "io client disconnect");
  }

  /** The connection is lost. */
  drop(): void {
    this.connected = false;
    this.emit("disconnect", "transport close");
  }

  timeout() {
    return {
      emitWithAck: async (event: string, payload: unknown): Promise<unknown> => {
        this.sent.push({ event, payload });
        const answer = await (this.answers[event]?.(payload) ?? { ok: true });
        if (answer === SILENCE || !this.connected) throw new Error("operation has timed out");
        return answer;
      },
    };
  }

  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) listener(...args);
  }

  names(): string[] {
    return this.sent.map(({ event }) => event);
  }

  payloads(event: string): unknown[] {
    return this.sent.filter((message) => message.event === event).map(({ payload }) => payload);
  }
}
