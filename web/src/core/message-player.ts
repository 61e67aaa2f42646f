import { createStore } from "zustand/vanilla";
import { ApiError } from "./api-error";

export interface PlayerState {
  /** The message that is being fetched or played. */
  messageId: string | null;
  status: "idle" | "loading" | "playing" | "failed";
}

export interface PlayerDeps {
  /** Rejects if the audio does not exist. */
  fetchAudio(conversationId: string, messageId: string): Promise<Blob>;
  createAudio(): HTMLAudioElement;
}

/** In a running talk the tutor's sound is stored some moments after its words are shown; fetches that find none
 * wait this long, in ms. */
const STORING_MS = [400, 800, 1600, 3200];

const IDLE: PlayerState = { messageId: null, status: "idle" };

/** Plays kept messages, one at a time. The route needs the token, so the whole audio is fetched first. */
export class MessagePlayer {
  readonly store = createStore<PlayerState>(() => IDLE);
  private stopCurrent: () => void = () => {};

  constructor(private readonly deps: PlayerDeps) {}

  /** Never rejects: the outcome is `status`. `isRunning`: the talk goes on, so the sound may not be stored yet. */
  async play(conversationId: string, messageId: string, isRunning = false): Promise<void> {
    this.stop();
    let isCurrent = true;
    this.stopCurrent = () => {
      isCurrent = false;
    };
    this.store.setState({ messageId, status: "loading" });
    try {
      const blob = isRunning
        ? await this.fetchWhenStored(conversationId, messageId, () => isCurrent)
        : await this.deps.fetchAudio(conversationId, messageId);
      if (blob !== null && isCurrent) await this.playBlob(blob, messageId);
    } catch {
      // The fetch failed, or the browser does not play the format: the page shows `failed`.
      if (this.store.getState().messageId === messageId) this.store.setState({ messageId, status: "failed" });
    }
  }

  stop(): void {
    this.stopCurrent();
    this.stopCurrent = () => {};
    this.store.setState(IDLE);
  }

  /** Null if `isWanted` became false. Rejects if no sound was stored in time. */
  private async fetchWhenStored(
    conversationId: string,
    messageId: string,
    isWanted: () => boolean,
  ): Promise<Blob | null> {
    for (const ms of STORING_MS) {
      try {
        return await this.deps.fetchAudio(conversationId, messageId);
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (!isWanted()) return null;
    }
    return this.deps.fetchAudio(conversationId, messageId);
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
