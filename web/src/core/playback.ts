import { createStore, type StoreApi } from "zustand/vanilla";
import type { SlotState } from "../protocol";
import { audioContext, releaseAudioContext, resumeAudioContext, setContextSink } from "./audio-context";
import { errorName } from "./microphone";
import type { Settings } from "./settings";

export interface PlaybackState {
  /** The browser plays only after a tap, or something paused playback. */
  blocked: boolean;
  /** By participant; 1 if absent. */
  volumes: Readonly<Record<string, number>>;
  outputs: MediaDeviceInfo[];
}

/** Audio that is received, and not to be heard yet. */
interface Prepared {
  receivers: ReadonlyMap<string, RTCRtpReceiver>;
  outputs: Map<string, SlotOutput>;
}

/** Older levels are ignored. */
const LEVEL_AGE_MS = 500;

/** Plays the slots: one output for each, at the volume chosen for the participant that the slot carries. */
export class Playback {
  readonly store = createStore<PlaybackState>(() => ({ blocked: false, volumes: {}, outputs: [] }));
  private outputs = new Map<string, SlotOutput>();
  private prepared: Prepared | null = null;
  private receivers: ReadonlyMap<string, RTCRtpReceiver> = new Map();
  private slots: readonly SlotState[] = [];

  constructor(
    private readonly settings: StoreApi<Settings>,
    private readonly mediaDevices: MediaDevices | undefined = navigator.mediaDevices,
  ) {
    mediaDevices?.addEventListener("devicechange", () => void this.listOutputs());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.returned();
    });
  }

  get canPickOutput(): boolean {
    return "setSinkId" in HTMLMediaElement.prototype;
  }

  /** Starts to play these receivers without sound, so that `attach` switches to them without a gap. */
  prepare(receivers: ReadonlyMap<string, RTCRtpReceiver>): void {
    this.dropPrepared();
    const outputs = this.outputsOf(receivers);
    this.prepared = { receivers, outputs };
    for (const output of outputs.values()) {
      output.setVolume(0);
      output.play().catch(() => {});
    }
  }

  /** Plays the receivers (by mid) of the connection that carries the audio now, instead of the previous ones. */
  attach(receivers: ReadonlyMap<string, RTCRtpReceiver>): void {
    const old = this.outputs;
    const isPrepared = this.prepared?.receivers === receivers;
    this.outputs = (isPrepared && this.prepared?.outputs) || this.outputsOf(receivers);
    if (isPrepared) this.prepared = null;
    else this.dropPrepared();
    this.receivers = receivers;
    this.applyVolumes();
    this.applySink();
    this.play();
    for (const output of old.values()) output.close();
    void this.listOutputs();
  }

  assign(slots: readonly SlotState[]): void {
    this.slots = slots;
    this.applyVolumes();
  }

  detach(): void {
    for (const output of this.outputs.values()) output.close();
    this.outputs.clear();
    this.dropPrepared();
    this.receivers = new Map();
    this.slots = [];
    this.store.setState({ blocked: false });
    releaseAudioContext(this);
  }

  /** Call it from a click. */
  unblock(): void {
    // Created during a user gesture, the context starts in every browser.
    if (typeof AudioContext !== "undefined") audioContext(this);
    this.play();
  }

  setVolume(participantId: string, volume: number): void {
    const value = Math.min(2, Math.max(0, volume));
    this.store.setState(({ volumes }) => ({ volumes: { ...volumes, [participantId]: value } }));
    this.applyVolumes();
  }

  setOutput(deviceId: string): void {
    this.settings.setState({ outputId: deviceId });
    this.applySink();
  }

  /** Received level of a participant, linear, 0 to 1 (RFC 6464 level, needs no AudioContext). */
  levelOf(participantId: string): number {
    const mid = this.slots.find((slot) => slot.participantId === participantId)?.mid;
    const receiver = mid === undefined ? undefined : this.receivers.get(mid);
    const newest = receiver?.getSynchronizationSources?.()[0];
    if (!newest) return 0;
    const age = performance.timeOrigin + performance.now() - newest.timestamp;
    // Firefox counts from the start of the page, Chromium from the epoch.
    const fresh = Math.min(Math.abs(age), Math.abs(performance.now() - newest.timestamp)) <= LEVEL_AGE_MS;
    return fresh ? (newest.audioLevel ?? 0) : 0;
  }

  /** The audio that each slot plays, for browser tests. */
  streams(): { mid: string; participantId: string | null; stream: MediaStream }[] {
    return [...this.outputs].map(([mid, { stream }]) => ({
      mid,
      participantId: this.carriedBy(mid),
      stream,
    }));
  }

  /** iOS leaves playback paused after a phone call. If it needs a tap to play again, `blocked` becomes true. */
  private returned(): void {
    if (this.outputs.size === 0) return;
    resumeAudioContext();
    this.play();
  }

  private outputsOf(receivers: ReadonlyMap<string, RTCRtpReceiver>): Map<string, SlotOutput> {
    return new Map([...receivers].map(([mid, { track }]) => [mid, this.output(track)]));
  }

  private dropPrepared(): void {
    for (const output of this.prepared?.outputs.values() ?? []) output.close();
    this.prepared = null;
  }

  private output(track: MediaStreamTrack): SlotOutput {
    return new SlotOutput(track, () => {
      const blocked = [...this.outputs.values()].some((output) => output.isPaused);
      this.store.setState({ blocked });
    });
  }

  private carriedBy(mid: string): string | null {
    return this.slots.find((slot) => slot.mid === mid)?.participantId ?? null;
  }

  private applyVolumes(): void {
    const { volumes } = this.store.getState();
    for (const [mid, output] of this.outputs) output.setVolume(volumes[this.carriedBy(mid) ?? ""] ?? 1);
  }

  private applySink(): void {
    const { outputId } = this.settings.getState();
    if (outputId === null || !this.canPickOutput) return;
    setContextSink(outputId);
    // If the device vanished, the browser continues with the default one.
    for (const output of this.outputs.values()) output.setSink(outputId).catch(() => {});
  }

  private play(): void {
    const attempts = [...this.outputs.values()].map((output) => output.play());
    void Promise.allSettled(attempts).then((results) => {
      const blocked = results.some(
        (r) => r.status === "rejected" && errorName(r.reason) === "NotAllowedError",
      );
      this.store.setState({ blocked });
    });
  }

  private async listOutputs(): Promise<void> {
    if (!this.canPickOutput) return;
    const all = (await this.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    this.store.setState({ outputs: all.filter((d) => d.kind === "audiooutput" && d.deviceId !== "") });
  }
}

/**
 * Plays one slot. An audio element alone is more robust; a gain node is used only for volumes above 1, and on iOS for
 * every volume but 1.
 */
export class SlotOutput {
  readonly stream: MediaStream;
  private readonly element = new Audio();
  private gain: GainNode | null = null;
  private source: MediaStreamAudioSourceNode | null = null;

  /** `changed`: something else (a phone call, a media key) paused playback, or it plays again. */
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

  /** Rejects with NotAllowedError if the browser requires a click first. */
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
    // Chromium decodes a remote track only while an element plays it, so the element keeps playing, muted.
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

/** False on iOS, which ignores `volume`. */
function elementHasVolume(): boolean {
  if (hasVolume === null) {
    const probe = new Audio();
    probe.volume = 0.5;
    hasVolume = probe.volume === 0.5;
  }
  return hasVolume;
}
