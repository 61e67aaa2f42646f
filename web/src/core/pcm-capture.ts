import { audioContext, releaseAudioContext } from "./audio-context";
import { PcmResampler } from "./pcm-resampler";
import workletUrl from "./pcm-worklet.js?url";

export const PCM_HZ = 16_000;
/** Samples of a chunk: 100 ms. */
const CHUNK = PCM_HZ / 10;

/**
 * Calls back with the sound of `track` as PCM (16 bits, 16 kHz, mono) every 100 ms, until the returned function is
 * called. A disabled track is silence. Rejects where the browser has no AudioWorklet.
 */
export async function capturePcm(
  track: MediaStreamTrack,
  heard: (pcm: Int16Array<ArrayBuffer>) => void,
): Promise<() => void> {
  const user = {};
  const context = audioContext(user);
  try {
    // Loading a module again does nothing.
    await context.audioWorklet.addModule(workletUrl);
  } catch (error) {
    releaseAudioContext(user);
    throw error;
  }
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const node = new AudioWorkletNode(context, "pcm-capture", {
    channelCount: 1,
    channelCountMode: "explicit",
  });
  const chunks = new Chunker(heard);
  const resampler = new PcmResampler(context.sampleRate, PCM_HZ);
  node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => chunks.add(resampler.feed(data));
  source.connect(node);
  // Its output is silence; some browsers process only what leads to the destination.
  node.connect(context.destination);
  return () => {
    node.port.onmessage = null;
    source.disconnect();
    node.disconnect();
    releaseAudioContext(user);
  };
}

/** PCM as base64, little-endian as in all browsers. */
export function pcmToBase64(pcm: Int16Array<ArrayBuffer>): string {
  return btoa(String.fromCharCode(...new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)));
}

/** Collects samples into chunks of equal length. */
class Chunker {
  private held = new Int16Array(CHUNK);
  private used = 0;

  constructor(private readonly full: (chunk: Int16Array<ArrayBuffer>) => void) {}

  add(pcm: Int16Array): void {
    for (let at = 0; at < pcm.length; ) {
      const part = pcm.subarray(at, at + CHUNK - this.used);
      this.held.set(part, this.used);
      this.used += part.length;
      at += part.length;
      if (this.used < CHUNK) return;
      this.full(this.held);
      this.held = new Int16Array(CHUNK);
      this.used = 0;
    }
  }
}
