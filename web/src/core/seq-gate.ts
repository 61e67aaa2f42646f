interface Numbered {
  seq: number;
}

export interface Passed<E> {
  deliver: E[];
  /** A number is missing: request a snapshot, then pass its number to `baseline`. */
  gap: boolean;
}

/** Events beyond this number are dropped while waiting for a snapshot, oldest first; that shows as another gap. */
const MAX_HELD = 500;

/**
 * Delivers numbered events once each and in order. Before the first baseline and after a gap it holds them until a
 * snapshot tells which of them it already contains.
 */
export class SeqGate<E extends Numbered> {
  private last: number | null = null;
  private held: E[] = [];

  get number(): number | null {
    return this.last;
  }

  offer(event: E): Passed<E> {
    if (this.last !== null && event.seq <= this.last) return { deliver: [], gap: false };
    this.held.push(event);
    if (this.held.length > MAX_HELD) this.held.shift();
    return this.drain();
  }

  baseline(seq: number): Passed<E> {
    this.last = seq;
    return this.drain();
  }

  /** A new connection numbers its events from the start. */
  reset(): void {
    this.last = null;
    this.held = [];
  }

  private drain(): Passed<E> {
    if (this.last === null) return { deliver: [], gap: false };
    this.held.sort((a, b) => a.seq - b.seq);
    const deliver: E[] = [];
    let waiting = 0;
    for (const event of this.held) {
      if (event.seq === this.last + 1) {
        this.last = event.seq;
        deliver.push(event);
      } else if (event.seq > this.last) this.held[waiting++] = event;
    }
    this.held.length = waiting;
    return { deliver, gap: waiting > 0 };
  }
}
