export interface HoldTarget {
  setMuted(muted: boolean): void;
  /** Tells the tutor that no pause ends the turn, or that the turn is over. */
  hold(speaking: boolean): void;
  changed(isHeld: boolean): void;
}

/**
 * The big button of the practice page: while it is held, the microphone is open and the turn goes on; letting go
 * ends both. Each way to hold it (a pointer, a key) may be let go anywhere, so `stop` may come more than once.
 */
export class HoldToSpeak {
  private isHeld = false;

  constructor(private readonly target: HoldTarget) {}

  readonly start = (): void => {
    if (this.isHeld) return;
    this.isHeld = true;
    this.target.hold(true);
    this.target.setMuted(false);
    this.target.changed(true);
  };

  readonly stop = (): void => {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.target.setMuted(true);
    this.target.hold(false);
    this.target.changed(false);
  };
}
