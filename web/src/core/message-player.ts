import { createStore } from "zustand/vanilla";

export interface PlayerState {
  /** The message that is fetched or played now. */
  messageId: string | null;
  status: "idle" | "loading" | "playing" | "failed";
}

export interface PlayerDeps {
  /** Rejects where there is no such audio. */
  fetchAudio(conversationId: string, messageId: string): Promise<Blob>;
  createAudio(): HTMLAudioElement;
}

const IDLE: PlayerState = { messageId: null, status: "idle" };

/** Plays what was said before, one message at a time. The route needs the token, so the audio is fetched whole. */
export class MessagePlayer {
  readonly store = createStore<PlayerState>(() => IDLE);
  private stopCurrent: () => void = () => {};

  constructor(private readonly deps: PlayerDeps) {}

  /** Never rejects: the outcome is `status`. */
  async play(conversationId: string, messageId: string): Promise<void> {
    this.stop();
    let isCurrent = true;
    this.stopCurrent = () => {
      isCurrent = false;
    };
    this.store.setState({ messageId, status: "loading" });
    try {
      const blob = await this.deps.fetchAudio(conversationId, messageId);
      if (isCurrent) await this.playBlob(blob, messageId);
    } catch {
      // Not fetched, or in a format that this browser does not play: the page says so.
      if (this.store.getState().messageId === messageId) this.store.setState({ messageId, status: "failed" });
    }
  }

  stop(): void {
    this.stopCurrent();
    this.stopCurrent = () => {};
    this.store.setState(IDLE);
  }

  private async playBlob(blob: Blob, messageId: string): Promise<void> {
    const url = URL.createObjectURL(blob);
    const audio = this.deps.createAudio();
    this.stopCurrent = () => {
      audio.pause();
      URL.revokeObjectURL(url);
    };
    audio.onended = () => this.store.getState().messageId === messageId && this.stop();
    audio.src = url;
    await audio.play();
    if (this.store.getState().messageId === messageId) this.store.setState({ messageId, status: "playing" });
  }
}
