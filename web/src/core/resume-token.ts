interface Remembered {
  roomId: string;
  resumeToken: string;
  /** ms since the epoch when the page went away; null while it is there. */
  leftAt: number | null;
}

const KEY = "parlor.seat";
/** As long as the server keeps a seat. */
const GRACE_MS = 30_000;

/** The resume token of this tab's seat, so that a reload returns to it. */
export class ResumeTokenStore {
  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {
    window.addEventListener("pagehide", () => this.mark(this.now()));
    window.addEventListener("pageshow", (event) => event.persisted && this.mark(null));
  }

  tokenFor(roomId: string): string | null {
    const seat = this.read();
    return seat?.roomId === roomId ? seat.resumeToken : null;
  }

  /** The page was in this room a moment ago, and its seat is kept. */
  canResume(roomId: string): boolean {
    const seat = this.read();
    return seat?.roomId === roomId && seat.leftAt !== null && this.now() - seat.leftAt < GRACE_MS;
  }

  keep(roomId: string, resumeToken: string): void {
    this.write({ roomId, resumeToken, leftAt: null });
  }

  forget(): void {
    this.storage.removeItem(KEY);
  }

  private mark(leftAt: number | null): void {
    const seat = this.read();
    if (seat) this.write({ ...seat, leftAt });
  }

  private read(): Remembered | null {
    try {
      const seat: Partial<Remembered> | null = JSON.parse(this.storage.getItem(KEY) ?? "null");
      return seat?.roomId && seat.resumeToken ? (seat as Remembered) : null;
    } catch {
      return null;
    }
  }

  private write(seat: Remembered): void {
    this.storage.setItem(KEY, JSON.stringify(seat));
  }
}
