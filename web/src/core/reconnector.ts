export const RECONNECT_DELAYS_MS = [0, 300, 1200, 2700, 4800] as const;
/** The same after the server asked to try later: what it lacks is there in a moment (a lost worker's successor) or in minutes. */
export const LATER_DELAYS_MS = [200, 1000, 3000, 6000, 12_000] as const;
/** Random share added to each delay, so that the clients of a room do not all reconnect at the same instant. */
const JITTER = 0.3;

/** Delay in ms before attempt number `attempt`, counted from 0; `random` is in [0, 1). */
export function reconnectDelay(
  attempt: number,
  random: number,
  delays: readonly number[] = RECONNECT_DELAYS_MS,
): number {
  const base = delays[Math.min(attempt, delays.length - 1)] ?? 0;
  return base * (1 + JITTER * random);
}

/** Schedules connection attempts, and tries at once when the browser comes online. Owns one timer. */
export class Reconnector {
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Makes the attempt that is due later now. */
  readonly hurry = (): void => {
    if (this.timer !== null) this.now();
  };

  constructor(
    private readonly connect: () => void,
    private readonly random: () => number = Math.random,
  ) {
    window.addEventListener("online", this.hurry);
  }

  /** The connection is lost, or an attempt failed. */
  failed(atLeastMs = 0, delays: readonly number[] = RECONNECT_DELAYS_MS): void {
    this.cancel();
    const delay = Math.max(atLeastMs, reconnectDelay(this.attempt, this.random(), delays));
    this.attempt += 1;
    this.timer = setTimeout(() => this.fire(), delay);
  }

  /** Connected, but not joined yet: the schedule keeps its position until `succeeded`. */
  connected(): void {
    this.cancel();
  }

  succeeded(): void {
    this.cancel();
    this.attempt = 0;
  }

  now(): void {
    this.cancel();
    this.attempt = 0;
    this.fire();
  }

  stop(): void {
    this.cancel();
    window.removeEventListener("online", this.hurry);
  }

  private fire(): void {
    this.timer = null;
    this.connect();
  }

  private cancel(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** Calls back when the route to the server may have changed: online again, another network, the page visible again. */
export function watchNetwork(changed: () => void): () => void {
  const connection = (navigator as Navigator & { connection?: EventTarget }).connection;
  const woken = () => document.visibilityState === "visible" && changed();
  window.addEventListener("online", changed);
  connection?.addEventListener("change", changed);
  document.addEventListener("visibilitychange", woken);
  return () => {
    window.removeEventListener("online", changed);
    connection?.removeEventListener("change", changed);
    document.removeEventListener("visibilitychange", woken);
  };
}
