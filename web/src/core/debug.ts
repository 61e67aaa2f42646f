import { audioContext } from "./audio-context";
import type { Call } from "./call";
import { type CallView, viewOf } from "./call-state";
import type { Playback } from "./playback";
import { local } from "./storage";

/** Read-only, for browser tests. */
export interface DebugHandle {
  call(): CallView;
  /** The entries of getStats. */
  stats(): Promise<Record<string, unknown>[]>;
  slots(): { mid: string; participantId: string | null; stream: MediaStream }[];
  /** The strongest frequency that is played, for one participant or for all, and its level in dBFS. */
  tone(participantId?: string): Promise<{ hz: number; db: number }>;
}

declare global {
  interface Window {
    __parlor?: Readonly<DebugHandle>;
  }
}

const SETTLE_MS = 400;

export function debugWanted(): boolean {
  return new URLSearchParams(location.search).has("debug") || local.getItem("parlor.debug") !== null;
}

export function exposeDebug(call: Call, playback: Playback): void {
  window.__parlor = Object.freeze({
    call: () => viewOf(call.store.getState()),
    stats: async () => [...((await call.stats())?.values() ?? [])],
    slots: () => playback.streams(),
    tone: (participantId?: string) => strongestTone(playback, participantId),
  });
}

async function strongestTone(
  playback: Playback,
  participantId?: string,
): Promise<{ hz: number; db: number }> {
  const context = audioContext(playback);
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  analyser.smoothingTimeConstant = 0.3;
  const wanted = playback
    .streams()
    .filter((s) => participantId === undefined || s.participantId === participantId);
  const sources = wanted.map(({ stream }) => context.createMediaStreamSource(stream));
  for (const source of sources) source.connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  for (const source of sources) source.disconnect();
  const db = Math.max(...bins);
  return { hz: (bins.indexOf(db) * context.sampleRate) / analyser.fftSize, db };
}
