import { audioContext, releaseAudioContext } from "./audio-context";

/** s between a decoded chunk and its start, if nothing is playing. */
const START_S = 0.02;

export interface ChunkEvents<T> {
  /** The chunk with this tag begins to sound. */
  started(tag: T): void;
  /** All that was added has been played. */
  ended(): void;
  /** The browser cannot decode a chunk; it is left out. */
  failed(): void;
}

/** Plays complete sound files one after the other, without a gap. */
export class ChunkPlayer<T> {
  /** Incremented by each stop, so that a chunk decoded late is not played. */
  private epoch = 0;
  private decoding: Promise<void> = Promise.resolve();
  private readonly sounding = new Map<AudioBufferSourceNode, ReturnType<typeof setTimeout>>();
  private endsAt = 0;
  private waiting = 0;
  private context: AudioContext | null = null;

  constructor(private readonly events: ChunkEvents<T>) {}

  /** Call it from the click that starts the sound: browsers allow it only then. */
  open(): void {
    this.context = audioContext(this);
  }

  add(file: ArrayBuffer, tag: T): void {
    const { epoch } = this;
    this.waiting += 1;
    this.decoding = this.decoding.then(() => this.decode(file, tag, epoch));
  }

  /** Silence at once. What was added is forgotten. */
  stop(): void {
    this.epoch += 1;
    this.waiting = 0;
    this.endsAt = 0;
    for (const [source, timer] of this.sounding) {
      clearTimeout(timer);
      source.onended = null;
      source.stop();
      source.disconnect();
    }
    this.sounding.clear();
  }

  close(): void {
    this.stop();
    this.context = null;
    releaseAudioContext(this);
  }

  private async decode(file: ArrayBuffer, tag: T, epoch: number): Promise<void> {
    const { context } = this;
    if (!context || epoch !== this.epoch) return;
    const sound = await context.decodeAudioData(file).catch(() => null);
    if (epoch !== this.epoch) return;
    this.waiting -= 1;
    if (sound) this.play(context, sound, tag);
    else this.events.failed();
  }

  private play(context: AudioContext, sound: AudioBuffer, tag: T): void {
    const source = context.createBufferSource();
    source.buffer = sound;
    source.connect(context.destination);
    const startsAt = Math.max(context.currentTime + START_S, this.endsAt);
    source.start(startsAt);
    this.endsAt = startsAt + sound.duration;
    const timer = setTimeout(() => this.events.started(tag), 1_000 * (startsAt - context.currentTime));
    this.sounding.set(source, timer);
    source.onended = () => {
      this.sounding.delete(source);
      source.disconnect();
      if (this.sounding.size === 0 && this.waiting === 0) this.events.ended();
    };
  }
}
