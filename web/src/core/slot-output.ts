import { audioContext, releaseAudioContext } from "./audio-context";

/** What plays one slot. Louder than sent, or on iOS at all, needs a gain node; the element alone is more robust. */
export class SlotOutput {
  readonly stream: MediaStream;
  private readonly element = new Audio();
  private gain: GainNode | null = null;
  private source: MediaStreamAudioSourceNode | null = null;

  /** `changed`: it was paused by something else than us (a phone call, a media key), or plays again. */
  constructor(
    track: MediaStreamTrack,
    private readonly changed: () => void,
  ) {
    this.stream = new MediaStream([track]);
    this.element.autoplay = true;
    this.element.srcObject = this.stream;
    this.element.addEventListener("pause", this.changed);
    this.element.addEventListener("playing", this.changed);
  }

  get isPaused(): boolean {
    return this.element.paused;
  }

  /** Rejects with NotAllowedError where the browser wants a click first. */
  play(): Promise<void> {
    return this.element.play();
  }

  /** 0 to 2. */
  setVolume(volume: number): void {
    if (volume <= 1 && (volume === 1 || elementHasVolume())) {
      this.dropGain();
      this.element.volume = volume;
      this.element.muted = volume === 0;
      return;
    }
    // Chromium pulls a remote track only while an element plays it, so it stays, muted.
    this.element.muted = true;
    this.gainNode().gain.value = volume;
  }

  async setSink(deviceId: string): Promise<void> {
    await this.element.setSinkId?.(deviceId);
  }

  close(): void {
    this.dropGain();
    this.element.removeEventListener("pause", this.changed);
    this.element.removeEventListener("playing", this.changed);
    this.element.pause();
    this.element.srcObject = null;
  }

  private gainNode(): GainNode {
    if (this.gain) return this.gain;
    const context = audioContext(this);
    this.source = context.createMediaStreamSource(this.stream);
    this.gain = context.createGain();
    this.source.connect(this.gain).connect(context.destination);
    return this.gain;
  }

  private dropGain(): void {
    this.source?.disconnect();
    this.gain?.disconnect();
    releaseAudioContext(this);
    this.source = null;
    this.gain = null;
  }
}

let hasVolume: boolean | null = null;

/** iOS ignores `volume`. */
function elementHasVolume(): boolean {
  if (hasVolume === null) {
    const probe = new Audio();
    probe.volume = 0.5;
    hasVolume = probe.volume === 0.5;
  }
  return hasVolume;
}
