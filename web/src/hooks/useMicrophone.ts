import type { MicrophoneStatus } from "../core/types";

export interface MicrophoneHook {
  status: MicrophoneStatus;
  devices: MediaDeviceInfo[];
  deviceId: string | null;
  start(): Promise<void>;
  stop(): void;
  select(deviceId: string): Promise<void>;
  noiseSuppression: boolean;
  setNoiseSuppression(on: boolean): void;
  autoGain: boolean;
  setAutoGain(on: boolean): void;
  error?: string;
}

export function useMicrophone(): MicrophoneHook {
  return {
    status: "idle",
    devices: [],
    deviceId: null,
    start: () => Promise.resolve(),
    stop: () => {},
    select: () => Promise.resolve(),
    noiseSuppression: true,
    setNoiseSuppression: () => {},
    autoGain: true,
    setAutoGain: () => {},
  };
}
