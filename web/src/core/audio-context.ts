let shared: AudioContext | null = null;
let sink: string | null = null;
const users = new Set<object>();

/**
 * The page's only AudioContext, for `user` until `releaseAudioContext`. It is created on first use, because browsers
 * limit their number and warn before a user gesture, and suspended while unused, because a running context keeps the
 * sound card on.
 */
export function audioContext(user: object): AudioContext {
  users.add(user);
  if (!shared) {
    shared = new AudioContext({ latencyHint: "interactive" });
    applySink(shared);
  }
  // Created before the first click (after a reload) the context is suspended; a later use may be allowed to start it.
  resumeAudioContext();
  return shared;
}

export function releaseAudioContext(user: object): void {
  if (users.delete(user) && users.size === 0) shared?.suspend().catch(() => {});
}

/** Selects the output device. Only Chromium can select one for a context. */
export function setContextSink(deviceId: string): void {
  sink = deviceId;
  if (shared) applySink(shared);
}

function applySink(context: AudioContext & { setSinkId?(id: string): Promise<void> }): void {
  if (sink !== null) context.setSinkId?.(sink).catch(() => {});
}

/** Call it from clicks: browsers start a context only then. On iOS a phone call leaves the state `interrupted`. */
export function resumeAudioContext(): void {
  if (!shared || users.size === 0 || shared.state === "running" || shared.state === "closed") return;
  shared.resume().catch(() => {});
}
