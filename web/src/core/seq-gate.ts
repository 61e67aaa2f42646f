interface Numbered {
  seq: number;
}

export interface Passed<E> {
  deliver: E[];
  /** A number is missing: ask for a snapshot, then give its number to `baseline`. */
  gap: boolean;
}

/** More than this while waiting for a snapshot is dropped, oldest first; the hole shows as another gap. */
const MAX_HELD = 500;

/**
 * Lets numbered events through once each and in order. Before the first baseline and behind a gap they are held,
 * until a snapshot says which of them its state contains already.
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

  /** A new connection counts from its own start. */
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
