let shared: AudioContext | null = null;
let sink: string | null = null;

/** The one AudioContext of the page: made on first use, since browsers count them and warn before a gesture. */
export function audioContext(): AudioContext {
  if (!shared) {
    shared = new AudioContext({ latencyHint: "interactive" });
    applySink(shared);
  }
  // Made before the first click (a reload into a room) it waits; whoever uses it later may be allowed to start it.
  resumeAudioContext();
  return shared;
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
  if (shared && shared.state !== "running" && shared.state !== "closed") shared.resume().catch(() => {});
}
