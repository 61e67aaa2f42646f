let shared: AudioContext | null = null;
let sink: string | null = null;
const users = new Set<object>();

/**
 * The one AudioContext of the page, for `user` until `releaseAudioContext`: made on first use, since browsers count
 * them and warn before a gesture, and suspended while nobody uses it, since one that runs keeps the sound card on.
 */
export function audioContext(user: object): AudioContext {
  users.add(user);
  if (!shared) {
    shared = new AudioContext({ latencyHint: "interactive" });
    applySink(shared);
  }
  // Made before the first click (a reload into a room) it waits; whoever uses it later may be allowed to start it.
  resumeAudioContext();
  return shared;
}

export function releaseAudioContext(user: object): void {
  if (users.delete(user) && users.size === 0) shared?.suspend().catch(() => {});
}

/** Output device; Chromium alone can choose one for a context. */
export function setContextSink(deviceId: string): void {
  sink = deviceId;
  if (shared) applySink(shared);
}

function applySink(context: AudioContext & { setSinkId?(id: string): Promise<void> }): void {
  if (sink !== null) context.setSinkId?.(sink).catch(() => {});
}

/** To be called from clicks: browsers start a context only then. iOS says `interrupted` after a phone call. */
export function resumeAudioContext(): void {
  if (!shared || users.size === 0 || shared.state === "running" || shared.state === "closed") return;
  shared.resume().catch(() => {});
}
