import { useStore } from "zustand";
import type { MicrophoneStatus } from "../core/microphone";
import type { MicrophoneInput } from "../core/microphone-input";
import { parlor } from "../core/parlor";

export interface MicrophoneHook {
  status: MicrophoneStatus;
  devices: MediaDeviceInfo[];
  deviceId: string | null;
  /** The sound that a `ready` microphone delivers. */
  input: MicrophoneInput;
  /** The outcome is `status`; never rejects. */
  start(): Promise<void>;
  /** After a reload: starts it again if this tab used it. */
  resume(): Promise<void>;
  /** After `stop`, for the person's click to join again: opens the device that was in use, muted. */
  startAgain(): Promise<void>;
  stop(): void;
  select(deviceId: string): Promise<void>;
  noiseSuppression: boolean;
  setNoiseSuppression(on: boolean): void;
  autoGain: boolean;
  setAutoGain(on: boolean): void;
  /** The browser's name of the error, or `ended`. */
  error?: string;
}

const { microphone, settings } = parlor;
const actions = {
  start: () => microphone.start(),
  resume: () => microphone.resume(),
  startAgain: () => microphone.startAgain(),
  stop: () => microphone.stop(),
  select: (deviceId: string) => microphone.select(deviceId),
  setNoiseSuppression: (on: boolean) => void microphone.setProcessing({ noiseSuppression: on }),
  setAutoGain: (on: boolean) => void microphone.setProcessing({ autoGain: on }),
};

export function useMicrophone(): MicrophoneHook {
  const { status, devices, deviceId, input, error } = useStore(microphone.store);
  const noiseSuppression = useStore(settings, (state) => state.noiseSuppression);
  const autoGain = useStore(settings, (state) => state.autoGain);
  return {
    status,
    devices,
    deviceId,
    input,
    noiseSuppression,
    autoGain,
    ...actions,
    ...(error ? { error } : {}),
  };
}
