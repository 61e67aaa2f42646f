/**
 * The sound that the microphone delivers. `silent`: only digital zeros, as from a device with its own mute switch. `system_muted`:
 * the system or the browser muted it, which no page can undo.
 */
export type MicrophoneInput = "sound" | "silent" | "system_muted";

const CHECK_MS = 200;
/** Ten seconds without throttling. A working microphone has noise; noise gates of headsets open sooner. */
const SILENT_CHECKS = 50;

export interface InputDeps {
  /** Whether anything but zeros comes from the device, also while the track is disabled; null if not known now. */
  hasSignal(): boolean | null;
  changed(input: MicrophoneInput): void;
  /** The track has ended, once. Also if that was before the watch began, of which no event tells. */
  ended(): void;
}

/** Watches a track until the returned function is called. Every state but `ended` recovers by itself. */
export function watchInput(track: MediaStreamTrack, deps: InputDeps): () => void {
  let input: MicrophoneInput = "sound";
  let silentChecks = 0;

  const update = () => {
    const next = track.muted ? "system_muted" : silentChecks >= SILENT_CHECKS ? "silent" : "sound";
    if (next === input) return;
    input = next;
    deps.changed(input);
  };
  const ended = () => {
    close();
    deps.ended();
  };
  const check = () => {
    if (track.readyState === "ended") return ended();
    const hasSignal = deps.hasSignal();
    // A muted track is silent too. Its silence must not count after the system unmutes it.
    if (track.muted || hasSignal) silentChecks = 0;
    else if (hasSignal === false) silentChecks += 1;
    update();
  };
  const timer = setInterval(check, CHECK_MS);
  const close = () => {
    clearInterval(timer);
    track.removeEventListener("ended", ended);
    track.removeEventListener("mute", check);
    track.removeEventListener("unmute", check);
  };
  track.addEventListener("ended", ended);
  track.addEventListener("mute", check);
  track.addEventListener("unmute", check);
  if (track.muted) check();
  return close;
}
