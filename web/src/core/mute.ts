export interface MuteState {
  /** The state of the microphone, which is also what is shown. */
  isMuted: boolean;
  /** The host muted us and we have not unmuted since. */
  byHost: boolean;
}

export interface MuteDeps {
  /** Before an unmute: makes sure that there is a microphone. Rejects if there is none. */
  prepare(): Promise<void>;
  /** Enables or disables the microphone's track at once. */
  setOpen(open: boolean): void;
  /** Sends the state to the server. Rejects if it refuses or does not answer. */
  notify(muted: boolean): Promise<unknown>;
  changed(state: MuteState): void;
}

/**
 * Mute as intent, on both sides. Muting is local and immediate. Unmuting needs the person's own action *and* the
 * server's consent. Nothing that arrives from the server opens the microphone: `confirm` and `correct` only close it.
 */
export class MuteControl {
  private state: MuteState = { isMuted: true, byHost: false };
  /** Incremented by every action, to recognize late answers to older ones. */
  private action = 0;
  private opening = false;

  constructor(private readonly deps: MuteDeps) {}

  get isMuted(): boolean {
    return this.state.isMuted;
  }

  get isOpening(): boolean {
    return this.opening;
  }

  /** A new call starts muted. */
  reset(): void {
    this.close({ isMuted: true, byHost: false });
  }

  /** Mutes even while the server cannot be reached: `correct` sends the state after the reconnect. */
  async mute(): Promise<void> {
    this.close({ ...this.state, isMuted: true });
    await this.deps.notify(true).catch(() => {});
  }

  /**
   * Call it only for the person's own click or key. Rejects, still muted, if there is no microphone or the server
   * refuses.
   */
  async unmute(): Promise<void> {
    if (!this.state.isMuted || this.opening) return;
    const action = ++this.action;
    this.opening = true;
    try {
      await this.deps.prepare();
      if (action !== this.action) return;
      await this.deps.notify(false);
    } finally {
      if (action === this.action) this.opening = false;
    }
    if (action === this.action) this.set({ isMuted: false, byHost: false });
    // Muted meanwhile, perhaps by the host before the unmute reached the server: send the state again.
    else if (!this.opening) await this.deps.notify(true);
  }

  /** The host muted us. */
  forced(): void {
    this.close({ isMuted: true, byHost: true });
  }

  /** The server's copy of our state in an event. It may be older than our last action, so it only closes. */
  correct(serverMuted: boolean): void {
    if (this.opening) return;
    if (serverMuted && !this.state.isMuted) this.close({ ...this.state, isMuted: true });
    if (!serverMuted && this.state.isMuted) this.deps.notify(true).catch(() => {});
  }

  /** The server's state after a join or a gap. An unmute in progress is cancelled. */
  confirm(serverMuted: boolean): void {
    if (this.opening) this.close(this.state);
    this.correct(serverMuted);
  }

  private close(state: MuteState): void {
    this.action += 1;
    this.opening = false;
    this.deps.setOpen(false);
    this.set(state, false);
  }

  private set(state: MuteState, applies = true): void {
    this.state = state;
    if (applies) this.deps.setOpen(!state.isMuted);
    this.deps.changed(state);
  }
}
