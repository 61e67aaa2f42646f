import { audioContext, releaseAudioContext } from "./audio-context";
import { dbfs, SILENCE_DBFS } from "./level-meter";
import { PCM_HZ } from "./pcm-capture";
import { PcmResampler } from "./pcm-resampler";

/** s between the first samples and their start, so that those that follow arrive in time. */
const START_S = 0.08;
/** s of sound that may wait. The server sends a reply as it is made; one of several minutes is no reply. */
const MAX_WAITING_S = 300;

export interface PcmEvents {
  started(): void;
  /** All that was added has been played. */
  ended(): void;
}

/**
 * Plays PCM (16 bits, mono, `rate` samples a second) as it arrives. It is converted to the rate of the sound card as one stream: browsers
 * convert each buffer alone, which clicks at the seams.
 */
export class PcmPlayer {
  private context: AudioContext | null = null;
  private resampler: PcmResampler | null = null;
  private readonly sounding = new Set<AudioBufferSourceNode>();
  private endsAt = 0;
  private analyser: AnalyserNode | null = null;
  private readonly samples = new Float32Array(1024);

  constructor(
    private readonly events: PcmEvents,
    private readonly rate = PCM_HZ,
  ) {}

  /** Call it from the click that starts the sound: browsers allow it only then. */
  open(): void {
    this.context = audioContext(this);
  }

  add(bytes: ArrayBuffer): void {
    const { context } = this;
    if (!context || this.endsAt - context.currentTime > MAX_WAITING_S) return;
    const pcm = new Int16Array(bytes, 0, bytes.byteLength >> 1);
    this.resampler ??= new PcmResampler(this.rate, context.sampleRate);
    this.play(context, asFloats(this.resampler.feed(asFloats(pcm))));
  }

  /** The stream has ended; the next samples begin a new one. */
  finish(): void {
    this.resampler = null;
  }

  /** Silence at once. What was added is forgotten. */
  stop(): void {
    this.finish();
    this.endsAt = 0;
    for (const source of this.sounding) {
      source.onended = null;
      source.stop();
      source.disconnect();
    }
    this.sounding.clear();
  }

  close(): void {
    this.stop();
    this.context = null;
    this.analyser = null;
    releaseAudioContext(this);
  }

  /** dBFS of the last 21 ms, for a picture of the voice. Measured from the first call on. */
  level(): number {
    if (!this.context) return SILENCE_DBFS;
    if (!this.analyser) {
      this.analyser = this.context.createAnalyser();
      this.analyser.fftSize = this.samples.length;
    }
    this.analyser.getFloatTimeDomainData(this.samples);
    return dbfs(this.samples);
  }

  private play(context: AudioContext, samples: Float32Array<ArrayBuffer>): void {
    if (samples.length === 0) return;
    const buffer = context.createBuffer(1, samples.length, context.sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    if (this.analyser) source.connect(this.analyser);
    const isLate = this.endsAt < context.currentTime;
    const startsAt = isLate ? context.currentTime + START_S : this.endsAt;
    source.start(startsAt);
    this.endsAt = startsAt + buffer.duration;
    const isFirst = this.sounding.size === 0;
    this.sounding.add(source);
    source.onended = () => this.ended(source);
    if (isFirst) this.events.started();
  }

  private ended(source: AudioBufferSourceNode): void {
    source.disconnect();
    this.sounding.delete(source);
    if (this.sounding.size === 0) this.events.ended();
  }
}

function asFloats(pcm: Int16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(pcm, (sample) => sample / 32_768);
}
