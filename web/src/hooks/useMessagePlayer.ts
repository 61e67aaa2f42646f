import { useStore } from "zustand";
import type { PlayerState } from "../core/message-player";
import { parlor } from "../core/parlor";

export interface MessagePlayerHook extends PlayerState {
  play(conversationId: string, messageId: string): void;
  stop(): void;
}

const { player } = parlor;
const actions = {
  play: (conversationId: string, messageId: string) => void player.play(conversationId, messageId),
  stop: () => player.stop(),
};

export function useMessagePlayer(): MessagePlayerHook {
  return { ...useStore(player.store), ...actions };
}
