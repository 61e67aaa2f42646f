import { Emitter } from "../core/emitter";

/** A microphone that records whether it is open. */
export class FakeMicrophone {
  readonly tracks = new Emitter<MediaStreamTrack | null>();
  track: MediaStreamTrack | null = null;
  isLive = false;
  /** Whether `start` succeeds. */
  available = true;
  isOpen = false;
  /** Every call of `setOpen`. */
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
