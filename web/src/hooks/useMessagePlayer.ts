import { useStore } from "zustand";
import type { PlayerState } from "../core/message-player";
import { parlor } from "../core/parlor";

export interface MessagePlayerHook extends PlayerState {
  /** `isRunning`: the talk goes on, so the sound may not be stored yet. */
  play(conversationId: string, messageId: string, isRunning: boolean): void;
  stop(): void;
}

const { player } = parlor;
const actions = {
  play: (conversationId: string, messageId: string, isRunning: boolean) =>
    void player.play(conversationId, messageId, isRunning),
  stop: () => player.stop(),
};

export function useMessagePlayer(): MessagePlayerHook {
  return { ...useStore(player.store), ...actions };
}
