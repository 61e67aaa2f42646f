import { createStore, type StoreApi } from "zustand/vanilla";
import { Emitter } from "./emitter";
import { LevelMeter, SILENCE_DBFS } from "./level-meter";
import { type MicrophoneInput, watchInput } from "./microphone-input";
import type { Settings } from "./settings";
import { type KeyValueStorage, perTab } from "./storage";

/** `insecure`: the page came without https. `unsupported`: this browser has no microphone for pages. */
export type MicrophoneStatus =
  | "idle"
  | "asking"
  | "ready"
  | "denied"
  | "none"
  | "error"
  | "insecure"
  | "unsupported";

export interface MicrophoneState {
  status: MicrophoneStatus;
  devices: MediaDeviceInfo[];
  deviceId: string | null;
  /** The sound that a `ready` microphone delivers. */
  input: MicrophoneInput;
  /** The browser's name of the error, or `ended` for a microphone that was lost. */
  error: string | undefined;
}

/** In session storage while this tab uses the microphone, so that a reload can resume it. */
const WAS_ON = "parlor.microphone";

/**
 * The microphone. Its track is disabled until `setOpen(true)`. Every later track (another device, other processing, a
 * device that ended and returned) is enabled or disabled as the one before. Losing the track closes the microphone.
 * Only the person's own action opens a microphone other than the one in use.
 */
export class Microphone {
  readonly store;
  /** The track to send; null when it is lost, which mutes. */
  readonly tracks = new Emitter<MediaStreamTrack | null>();
  private current: MediaStreamTrack | null = null;
  private meter: LevelMeter | null = null;
  private endWatch: (() => void) | null = null;
  /** The device that `stop` released, for `startAgain`; null if none was on. */
  private stopped: Pick<WantedMicrophone, "deviceId"> | null = null;
  private isOpen = false;
  /** Incremented by each start and stop, so that a permission granted late does not undo a stop. */
  private epoch = 0;

  constructor(
    private readonly settings: StoreApi<Settings>,
    private readonly mediaDevices: MediaDevices | undefined = navigator.mediaDevices,
    private readonly storage: KeyValueStorage = perTab,
  ) {
    this.store = createStore<MicrophoneState>(() => ({
      status: this.idle,
      devices: [],
      deviceId: null,
      input: "sound",
      error: undefined,
    }));
    mediaDevices?.addEventListener("devicechange", () => void this.devicesChanged());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.returned();
    });
    void this.watchPermission();
  }

  /** The status while nothing was asked for. Browsers hide the microphone from pages without https. */
  private get idle(): MicrophoneStatus {
    if (this.mediaDevices?.getUserMedia) return "idle";
    return window.isSecureContext === false ? "insecure" : "unsupported";
  }

  get track(): MediaStreamTrack | null {
    return this.current;
  }

  get isLive(): boolean {
    return this.current?.readyState === "live";
  }

  setOpen(open: boolean): void {
    this.isOpen = open;
    if (this.current) this.current.enabled = open;
  }

  /** Opens the microphone, or opens it again with changed settings. The outcome is `status`; never rejects. */
  async start(change: Partial<WantedMicrophone> = {}): Promise<void> {
    const epoch = ++this.epoch;
    // Nothing to ask: `idle` says why.
    if (!this.mediaDevices?.getUserMedia) return;
    if (!this.isLive) this.store.setState({ status: "asking", error: undefined });
    try {
      const track = await this.acquire(this.mediaDevices, { ...this.wanted(), ...change }, epoch);
      if (epoch === this.epoch) this.use(track);
      else track.stop();
    } catch (error) {
      if (epoch === this.epoch) this.failed(error);
    }
    if (epoch === this.epoch) await this.listDevices();
  }

  /** After `stop`: opens the device that it released, muted. Listeners stay listeners. */
  async startAgain(): Promise<void> {
    if (this.stopped) await this.start(this.stopped);
  }

  /** After a reload: starts it again if this tab used it and the browser will not prompt. Listeners stay listeners. */
  async resume(): Promise<void> {
    if (this.storage.getItem(WAS_ON) === null) return;
    const epoch = this.epoch;
    const allowed = (await microphonePermission())?.state === "granted";
    if (allowed && epoch === this.epoch) await this.start();
  }

  stop(): void {
    this.epoch += 1;
    this.stopped = this.isLive ? { deviceId: this.store.getState().deviceId } : null;
    this.storage.removeItem(WAS_ON);
    this.isOpen = false;
    this.release();
    this.tracks.emit(null);
    this.store.setState({ status: this.idle, error: undefined });
  }

  async select(deviceId: string): Promise<void> {
    this.settings.setState({ inputId: deviceId });
    if (this.store.getState().status !== this.idle) await this.start();
  }

  /** Opens the microphone again, because browsers do not change the processing of a running track. */
  async setProcessing(change: Partial<Pick<Settings, "noiseSuppression" | "autoGain">>): Promise<void> {
    this.settings.setState(change);
    if (this.isLive) await this.start();
  }

  /** dBFS, also while muted. */
  level(): number {
    return this.meter?.read() ?? SILENCE_DBFS;
  }

  /** Chromium ignores the constraints for a device that is already in use, so ours is released first if needed. */
  private async acquire(
    devices: MediaDevices,
    wanted: WantedMicrophone,
    epoch: number,
  ): Promise<MediaStreamTrack> {
    const track = await openWithFallback(devices, wanted);
    if (!this.isLive || satisfies(track, wanted) || epoch !== this.epoch) return track;
    track.stop();
    this.release();
    return openWithFallback(devices, wanted);
  }

  private wanted(): WantedMicrophone {
    const { inputId, noiseSuppression, autoGain } = this.settings.getState();
    return { deviceId: inputId, noiseSuppression, autoGain };
  }

  private use(track: MediaStreamTrack): void {
    track.enabled = this.isOpen;
    this.release();
    this.current = track;
    this.storage.setItem(WAS_ON, "yes");
    const meter = meterOf(track);
    this.meter = meter;
    this.endWatch = watchInput(track, {
      hasSignal: () => meter?.hasSignal() ?? null,
      changed: (input) => this.store.setState({ input }),
      ended: () => this.interrupted(),
    });
    this.store.setState({
      status: "ready",
      error: undefined,
      input: track.muted ? "system_muted" : "sound",
      deviceId: track.getSettings().deviceId ?? null,
    });
    this.tracks.emit(track);
  }

  private failed(error: unknown): void {
    // The old track still runs: only the change failed.
    if (this.isLive) this.store.setState({ status: "ready" });
    else this.lost(statusOf(error), errorName(error) || "unknown");
  }

  private lost(status: MicrophoneStatus, error: string): void {
    this.release();
    this.isOpen = false;
    this.store.setState({ status, error });
    this.tracks.emit(null);
  }

  /** Unplugged, taken by a phone call, or a locked screen. A hidden page reopens it when it is visible again. */
  private interrupted(): void {
    if (!this.isOpen) this.lost("error", "ended");
    else if (document.visibilityState === "visible") void this.reopen();
  }

  private returned(): void {
    if (this.isOpen && this.current && !this.isLive) void this.reopen();
  }

  /** For someone who is unmuted: the same device or none. Another device would be open without their click. */
  private async reopen(): Promise<void> {
    const { mediaDevices } = this;
    const { deviceId } = this.store.getState();
    if (!mediaDevices || deviceId === null) return this.lost("error", "ended");
    const epoch = ++this.epoch;
    try {
      const track = await open(mediaDevices, { ...this.wanted(), deviceId });
      if (epoch === this.epoch) this.use(track);
      else track.stop();
    } catch {
      // "The microphone was lost" says more than why it cannot be opened again.
      if (epoch === this.epoch) this.lost("error", "ended");
    }
  }

  private async devicesChanged(): Promise<void> {
    await this.listDevices();
    const { devices, deviceId, status } = this.store.getState();
    const vanished = deviceId !== null && !devices.some((device) => device.deviceId === deviceId);
    if (status === "ready" && vanished) this.interrupted();
  }

  private async listDevices(): Promise<void> {
    const all = (await this.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    // Without permission browsers list one entry without a name.
    this.store.setState({ devices: all.filter((d) => d.kind === "audioinput" && d.deviceId !== "") });
  }

  /** After a refusal, allowing the microphone in the browser's settings makes it available again. */
  private async watchPermission(): Promise<void> {
    const permission = await microphonePermission();
    permission?.addEventListener("change", () => {
      const { status } = this.store.getState();
      if (status === "denied" && permission.state !== "denied")
        this.store.setState({ status: "idle", error: undefined });
    });
  }

  private release(): void {
    this.endWatch?.();
    this.endWatch = null;
    this.meter?.close();
    this.meter = null;
    this.current?.stop();
    this.current = null;
  }
}

/** Null if the browser cannot be queried (Firefox before 131). */
async function microphonePermission(): Promise<PermissionStatus | null> {
  const query = navigator.permissions?.query({ name: "microphone" as PermissionName });
  return (await query?.catch(() => null)) ?? null;
}

/** Null without Web Audio: the microphone works without a meter. */
function meterOf(track: MediaStreamTrack): LevelMeter | null {
  if (typeof AudioContext === "undefined") return null;
  const clone = track.clone();
  clone.enabled = true;
  return new LevelMeter(clone);
}

interface WantedMicrophone {
  deviceId: string | null;
  noiseSuppression: boolean;
  autoGain: boolean;
}

/** Uses `exact` for a chosen device: without it browsers may silently open another one. */
function constraintsFor(wanted: WantedMicrophone): MediaTrackConstraints {
  return {
    ...(wanted.deviceId ? { deviceId: { exact: wanted.deviceId } } : {}),
    echoCancellation: true,
    noiseSuppression: wanted.noiseSuppression,
    autoGainControl: wanted.autoGain,
    // Stereo disables echo cancellation in Chromium.
    channelCount: 1,
  };
}

/** Opens the chosen device, or the system's default if that one does not exist any more. */
async function openWithFallback(devices: MediaDevices, wanted: WantedMicrophone): Promise<MediaStreamTrack> {
  try {
    return await open(devices, wanted);
  } catch (error) {
    const vanished = wanted.deviceId && errorName(error) in { OverconstrainedError: 1, NotFoundError: 1 };
    if (!vanished) throw error;
    return open(devices, { ...wanted, deviceId: null });
  }
}

/** Whether the track has the wanted processing, as far as the browser reports it. */
function satisfies(track: MediaStreamTrack, { noiseSuppression, autoGain }: WantedMicrophone): boolean {
  const has = track.getSettings();
  return (
    (has.noiseSuppression ?? noiseSuppression) === noiseSuppression &&
    (has.autoGainControl ?? autoGain) === autoGain
  );
}

function statusOf(error: unknown): MicrophoneStatus {
  switch (errorName(error)) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    default:
      return "error";
  }
}

export function errorName(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

/** Opens the wanted device and no other. Rejects as getUserMedia does. */
async function open(devices: MediaDevices, wanted: WantedMicrophone): Promise<MediaStreamTrack> {
  const stream = await devices.getUserMedia({ audio: constraintsFor(wanted), video: false });
  const [track, ...others] = stream.getAudioTracks();
  for (const other of others) other.stop();
  if (!track) throw new DOMException("no audio track", "NotFoundError");
  // Unplugged while the browser asked for permission. Its `ended` event has passed.
  if (track.readyState === "ended") throw new DOMException("the track has ended", "NotReadableError");
  return track;
}
