import type { MicrophoneStatus } from "./types";

export interface CaptureWish {
  deviceId: string | null;
  noiseSuppression: boolean;
  autoGain: boolean;
}

/** `exact` for a person's own choice: without it browsers may quietly open another microphone. */
export function constraintsFor(wish: CaptureWish): MediaTrackConstraints {
  return {
    ...(wish.deviceId ? { deviceId: { exact: wish.deviceId } } : {}),
    echoCancellation: true,
    noiseSuppression: wish.noiseSuppression,
    autoGainControl: wish.autoGain,
    // Stereo turns echo cancellation off in Chromium.
    channelCount: 1,
  };
}

/** Opens the chosen microphone; the system's choice only when that one is not there any more. */
export async function capture(devices: MediaDevices, wish: CaptureWish): Promise<MediaStreamTrack> {
  try {
    return await open(devices, wish);
  } catch (error) {
    const vanished = wish.deviceId && nameOf(error) in { OverconstrainedError: 1, NotFoundError: 1 };
    if (!vanished) throw error;
    return open(devices, { ...wish, deviceId: null });
  }
}

/** Whether the track is processed as wished, as far as the browser tells. */
export function grants(track: MediaStreamTrack, { noiseSuppression, autoGain }: CaptureWish): boolean {
  const has = track.getSettings();
  return (
    (has.noiseSuppression ?? noiseSuppression) === noiseSuppression &&
    (has.autoGainControl ?? autoGain) === autoGain
  );
}

export function statusOf(error: unknown): MicrophoneStatus {
  switch (nameOf(error)) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    default:
      return "error";
  }
}

export function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

/** The wished microphone and no other. Rejects as getUserMedia does. */
export async function open(devices: MediaDevices, wish: CaptureWish): Promise<MediaStreamTrack> {
  const stream = await devices.getUserMedia({ audio: constraintsFor(wish), video: false });
  const [track, ...others] = stream.getAudioTracks();
  for (const other of others) other.stop();
  if (!track) throw new DOMException("no audio track", "NotFoundError");
  return track;
}
