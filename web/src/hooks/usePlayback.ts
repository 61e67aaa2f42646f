import { useStore } from "zustand";
import { parlor } from "../core/parlor";

export interface PlaybackHook {
  /** The browser refuses to play until `unblock` is called from a click. */
  blocked: boolean;
  unblock(): void;
  /** 1 is unchanged, 0 is silent, 2 is twice as loud. */
  volumeOf(participantId: string): number;
  setVolume(participantId: string, volume: number): void;
  outputs: MediaDeviceInfo[];
  outputId: string | null;
  setOutput(deviceId: string): void;
  canPickOutput: boolean;
}

const { playback, settings } = parlor;
const actions = {
  unblock: () => playback.unblock(),
  setVolume: (participantId: string, volume: number) => playback.setVolume(participantId, volume),
  setOutput: (deviceId: string) => playback.setOutput(deviceId),
};

export function usePlayback(): PlaybackHook {
  const { blocked, volumes, outputs } = useStore(playback.store);
  const outputId = useStore(settings, (state) => state.outputId);
  const volumeOf = (participantId: string) => volumes[participantId] ?? 1;
  return { blocked, outputs, outputId, volumeOf, canPickOutput: playback.canPickOutput, ...actions };
}
