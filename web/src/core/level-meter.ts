import { audioContext, releaseAudioContext } from "./audio-context";

export const SILENCE_DBFS = -100;
/** Digital zero: -120 dBFS, far below one step of 16 bits. */
const ZERO = 1e-6;
/** Levels shown as an empty and a full meter. */
const FLOOR_DBFS = -60;
const CEILING_DBFS = -12;

/** RMS of samples in dBFS, -100 to 0. */
export function dbfs(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  return Math.max(SILENCE_DBFS, 20 * Math.log10(Math.max(rms, 1e-5)));
}

/** A level in dBFS as a position of the meter, 0 to 1. */
export function meterLevel(level: number): number {
  return Math.min(1, Math.max(0, (level - FLOOR_DBFS) / (CEILING_DBFS - FLOOR_DBFS)));
}

/** Measures a track. Pass a clone of the track that is sent, so that the meter also works while muted. */
export class LevelMeter {
  private readonly source: MediaStreamAudioSourceNode;
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(private readonly track: MediaStreamTrack) {
    const context = audioContext(this);
    this.source = context.createMediaStreamSource(new MediaStream([track]));
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.source.connect(this.analyser);
  }

  /**
   * Whether a sample of the last 21 ms is not zero. Null while the browser suspends the page's audio, which reads as
   * zeros. The level would not do: noise suppression may leave less than `SILENCE_DBFS` of a quiet room.
   */
  hasSignal(): boolean | null {
    if (this.source.context.state !== "running") return null;
    this.analyser.getFloatTimeDomainData(this.samples);
    return this.samples.some((sample) => Math.abs(sample) > ZERO);
  }

  /** dBFS of the last 21 ms. */
  read(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    return dbfs(this.samples);
  }

  close(): void {
    this.source.disconnect();
    releaseAudioContext(this);
    this.track.stop();
  }
}

/** The value to show in the next frame: rises quickly, falls slowly. */
export function smooth(shown: number, target: number): number {
  return shown + (target - shown) * (target > shown ? 0.5 : 0.12);
}
