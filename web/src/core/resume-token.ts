import type { KeyValueStorage } from "./storage";

interface Stored {
  roomId: string;
  resumeToken: string;
  /** ms since the epoch at which the page was hidden for good; null while it is shown. */
  leftAt: number | null;
}

const KEY = "parlor.seat";
/** The server keeps a disconnected participant this long. */
const GRACE_MS = 30_000;

/**
 * This tab's resume token, in session storage, so that a reload rejoins as the same participant. `pageClosed` is called
 * when a page with a seat is closed or reloaded, not when the browser may bring it back later (bfcache).
 */
export class ResumeTokenStore {
  /** A duplicated tab starts with a copy of the token, but the seat is not its own. */
  private hasSeat = false;

  constructor(
    private readonly storage: KeyValueStorage,
    private readonly now: () => number,
    private readonly pageClosed: (roomId: string, resumeToken: string) => void = () => {},
  ) {
    window.addEventListener("pagehide", (event) => this.hidden(event.persisted));
    window.addEventListener("pageshow", (event) => event.persisted && this.mark(null));
  }

  tokenFor(roomId: string): string | null {
    const stored = this.read();
    return stored?.roomId === roomId ? stored.resumeToken : null;
  }

  /** The page was in this room less than the grace time ago. */
  canResume(roomId: string): boolean {
    const stored = this.read();
    if (stored?.roomId !== roomId || stored.leftAt === null) return false;
    // The clock may have been set back meanwhile.
    const awayMs = this.now() - stored.leftAt;
    return awayMs >= 0 && awayMs < GRACE_MS;
  }

  keep(roomId: string, resumeToken: string): void {
    this.hasSeat = true;
    this.write({ roomId, resumeToken, leftAt: null });
  }

  forget(): void {
    this.hasSeat = false;
    this.storage.removeItem(KEY);
  }

  private hidden(mayReturn: boolean): void {
    this.mark(this.now());
    const stored = this.read();
    if (stored && this.hasSeat && !mayReturn) this.pageClosed(stored.roomId, stored.resumeToken);
  }

  private mark(leftAt: number | null): void {
    const stored = this.read();
    if (stored) this.write({ ...stored, leftAt });
  }

  private read(): Stored | null {
    try {
      const stored: Partial<Stored> | null = JSON.parse(this.storage.getItem(KEY) ?? "null");
      return stored?.roomId && stored.resumeToken ? (stored as Stored) : null;
    } catch {
      return null;
    }
  }

  private write(stored: Stored): void {
    this.storage.setItem(KEY, JSON.stringify(stored));
  }
}
