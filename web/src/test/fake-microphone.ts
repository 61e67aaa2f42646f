import { Emitter } from "../core/emitter";

/** A microphone whose gate can be looked at. */
export class FakeMicrophone {
  readonly tracks = new Emitter<MediaStreamTrack | null>();
  track: MediaStreamTrack | null = null;
  isLive = false;
  /** Whether the browser would give one. */
  available = true;
  isOpen = false;
  /** Every state the gate has been put into. */
  readonly gate: boolean[] = [];
  loudness = -100;

  async start(): Promise<void> {
    if (!this.available) return;
    this.isLive = true;
    this.track = { kind: "audio" } as MediaStreamTrack;
    this.tracks.emit(this.track);
  }

  stop(): void {
    this.isLive = false;
    this.track = null;
    this.tracks.emit(null);
  }

  setOpen(open: boolean): void {
    this.isOpen = open;
    this.gate.push(open);
  }

  level(): number {
    return this.loudness;
  }
}
