export interface PlaybackHook {
  /** The browser refuses to play until `unblock` is called from a click. */
  blocked: boolean;
  unblock(): void;
  /** 1 is as sent, 0 is silent, 2 is twice as loud. */
  volumeOf(participantId: string): number;
  setVolume(participantId: string, volume: number): void;
  outputs: MediaDeviceInfo[];
  outputId: string | null;
  setOutput(deviceId: string): void;
  canPickOutput: boolean;
}

export function usePlayback(): PlaybackHook {
  return {
    blocked: false,
    unblock: () => {},
    volumeOf: () => 1,
    setVolume: () => {},
    outputs: [],
    outputId: null,
    setOutput: () => {},
    canPickOutput: false,
  };
}
