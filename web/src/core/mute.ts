export interface MuteState {
  /** What the microphone does, and what is shown. */
  isMuted: boolean;
  /** The host muted us, and we have not unmuted since. */
  byHost: boolean;
}

export interface MuteDeps {
  /** Before an unmute: see to it that there is a microphone; rejects if there is none. */
  prepare(): Promise<void>;
  /** Opens and closes the gate of the microphone, at once. */
  gate(open: boolean): void;
  /** Tells the server; rejects when it refuses or does not answer. */
  tell(muted: boolean): Promise<unknown>;
  changed(state: MuteState): void;
}

/**
 * Mute as intent on both sides. Closing is local and immediate; opening needs the person's own act *and* the
 * server's consent. Nothing that arrives from the server can open the microphone: `confirm` and `correct` only
 * ever close it.
 */
export class MuteControl {
  private state: MuteState = { isMuted: true, byHost: false };
  /** Rises with every act, so that a late answer to an older one is known as such. */
  private act = 0;
  private opening = false;

  constructor(private readonly deps: MuteDeps) {}

  get isMuted(): boolean {
    return this.state.isMuted;
  }

  get isOpening(): boolean {
    return this.opening;
  }

  /** A new call: everyone starts muted. */
  reset(): void {
    this.close({ isMuted: true, byHost: false });
  }

  /** Also when the server cannot hear it now: `correct` tells it when we are back. */
  async mute(): Promise<void> {
    this.close({ ...this.state, isMuted: true });
    await this.deps.tell(true).catch(() => {});
  }

  /** Rejects, still muted, when there is no microphone or the server refuses. Only to be called for the person's own click or key. */
  async unmute(): Promise<void> {
    if (!this.state.isMuted || this.opening) return;
    const act = ++this.act;
    this.opening = true;
    try {
      await this.deps.prepare();
      if (act !== this.act) return;
      await this.deps.tell(false);
    } finally {
      if (act === this.act) this.opening = false;
    }
    if (act === this.act) this.set({ isMuted: false, byHost: false });
    // Muted meanwhile, perhaps by the host and before this reached the server: say it once more.
    else if (!this.opening) await this.deps.tell(true);
  }

  /** The host muted us. */
  forced(): void {
    this.close({ isMuted: true, byHost: true });
  }

  /** What the server says of us in passing. May be older than our own last act, so it only closes. */
  correct(serverMuted: boolean): void {
    if (this.opening) return;
    if (serverMuted && !this.state.isMuted) this.close({ ...this.state, isMuted: true });
    if (!serverMuted && this.state.isMuted) this.deps.tell(true).catch(() => {});
  }

  /** A whole state from the server, after a join or a gap: an unmute that was under way is void. */
  confirm(serverMuted: boolean): void {
    if (this.opening) this.close(this.state);
    this.correct(serverMuted);
  }

  private close(state: MuteState): void {
    this.act += 1;
    this.opening = false;
    this.deps.gate(false);
    this.set(state, false);
  }

  private set(state: MuteState, gate = true): void {
    this.state = state;
    if (gate) this.deps.gate(!state.isMuted);
    this.deps.changed(state);
  }
}
