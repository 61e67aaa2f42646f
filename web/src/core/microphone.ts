import { createStore, type StoreApi } from "zustand/vanilla";
import { Emitter } from "./emitter";
import { LevelMeter, SILENCE_DBFS } from "./level-meter";
import type { Settings } from "./settings";
import type { MicrophoneStatus } from "./types";

export interface MicrophoneState {
  status: MicrophoneStatus;
  devices: MediaDeviceInfo[];
  deviceId: string | null;
  /** Name of the browser's error; `insecure` on a page without https, `ended` where it worked and is gone. */
  error: string | undefined;
}

/** In session storage while this tab has the microphone on, so that a reload knows. */
const WAS_ON = "parlor.microphone";

/**
 * The microphone and its gate. The gate is closed until `setOpen(true)`, and whatever track comes later (another
 * device, other switches, one that had ended) takes over the state of the gate, never a state of its own. Without a
 * track the gate is closed. Only a person's act opens a microphone other than the one they talk into.
 */
export class Microphone {
  readonly store = createStore<MicrophoneState>(() => ({
    status: "idle",
    devices: [],
    deviceId: null,
    error: undefined,
  }));
  /** The track to send. Null: there is none any more, and who talked into it is muted. */
  readonly tracks = new Emitter<MediaStreamTrack | null>();
  private current: MediaStreamTrack | null = null;
  private meter: LevelMeter | null = null;
  private isOpen = false;
  /** Rises with each start and stop, so that a permission granted late does not undo a stop. */
  private epoch = 0;

  constructor(
    private readonly settings: StoreApi<Settings>,
    private readonly mediaDevices: MediaDevices | undefined = navigator.mediaDevices,
    private readonly storage: Storage = sessionStorage,
  ) {
    mediaDevices?.addEventListener("devicechange", () => void this.devicesChanged());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.returned();
    });
    void this.watchPermission();
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

  /** Asks for the microphone, or asks again with changed wishes. The outcome is the status; never rejects. */
  async start(): Promise<void> {
    const epoch = ++this.epoch;
    if (!this.mediaDevices?.getUserMedia) {
      this.store.setState({ status: "error", error: "insecure" });
      return;
    }
    if (!this.isLive) this.store.setState({ status: "asking", error: undefined });
    try {
      const track = await this.take(this.mediaDevices, epoch);
      if (epoch === this.epoch) this.use(track);
      else track.stop();
    } catch (error) {
      if (epoch === this.epoch) this.failed(error);
    }
    if (epoch === this.epoch) await this.listDevices();
  }

  /** After a reload: on again if this tab had it on, and the browser need not ask. A listener stays one. */
  async resume(): Promise<void> {
    if (this.storage.getItem(WAS_ON) === null) return;
    const epoch = this.epoch;
    const allowed = (await microphonePermission())?.state === "granted";
    if (allowed && epoch === this.epoch) await this.start();
  }

  stop(): void {
    this.epoch += 1;
    this.storage.removeItem(WAS_ON);
    this.isOpen = false;
    this.release();
    this.tracks.emit(null);
    this.store.setState({ status: "idle", error: undefined });
  }

  async select(deviceId: string): Promise<void> {
    this.settings.setState({ inputId: deviceId });
    if (this.store.getState().status !== "idle") await this.start();
  }

  /** Switches of processing: the microphone is taken anew, since browsers do not change them on one that runs. */
  async setProcessing(change: Partial<Pick<Settings, "noiseSuppression" | "autoGain">>): Promise<void> {
    this.settings.setState(change);
    if (this.isLive) await this.start();
  }

  /** dBFS, muted or not. */
  level(): number {
    return this.meter?.read() ?? SILENCE_DBFS;
  }

  /** Chromium hands a device that runs out as it runs, whatever is wished: then ours is let go first. */
  private async take(devices: MediaDevices, epoch: number): Promise<MediaStreamTrack> {
    const wish = this.wish();
    const track = await capture(devices, wish);
    if (!this.isLive || grants(track, wish) || epoch !== this.epoch) return track;
    track.stop();
    this.release();
    return capture(devices, wish);
  }

  private wish(): MicrophoneConstraints {
    const { inputId, noiseSuppression, autoGain } = this.settings.getState();
    return { deviceId: inputId, noiseSuppression, autoGain };
  }

  private use(track: MediaStreamTrack): void {
    track.enabled = this.isOpen;
    this.release();
    this.current = track;
    this.storage.setItem(WAS_ON, "yes");
    track.addEventListener("ended", () => track === this.current && this.interrupted());
    this.meter = meterOf(track);
    this.store.setState({
      status: "ready",
      error: undefined,
      deviceId: track.getSettings().deviceId ?? null,
    });
    this.tracks.emit(track);
  }

  private failed(error: unknown): void {
    // A track that runs is better than none: only the change failed.
    if (this.isLive) this.store.setState({ status: "ready" });
    else this.none(statusOf(error), nameOf(error) || "unknown");
  }

  /** No microphone: what was open is closed with it. */
  private none(status: MicrophoneStatus, error: string): void {
    this.release();
    this.isOpen = false;
    this.store.setState({ status, error });
    this.tracks.emit(null);
  }

  /** Unplugged, taken by a phone call, a locked screen. Of a hidden page it is seen to when somebody looks. */
  private interrupted(): void {
    if (!this.isOpen) this.none("error", "ended");
    else if (document.visibilityState === "visible") void this.again();
  }

  private returned(): void {
    if (this.isOpen && this.current && !this.isLive) void this.again();
  }

  /** For whoever is talking: the same microphone once more, or none. Another one would be open without their click. */
  private async again(): Promise<void> {
    const { mediaDevices } = this;
    const { deviceId } = this.store.getState();
    if (!mediaDevices || deviceId === null) return this.none("error", "ended");
    const epoch = ++this.epoch;
    try {
      const track = await open(mediaDevices, { ...this.wish(), deviceId });
      if (epoch === this.epoch) this.use(track);
      else track.stop();
    } catch {
      // Why it does not come back matters less than that it was there and is not.
      if (epoch === this.epoch) this.none("error", "ended");
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
    // Without permission browsers list one nameless entry.
    this.store.setState({ devices: all.filter((d) => d.kind === "audioinput" && d.deviceId !== "") });
  }

  /** Allowed in the browser's own settings after a refusal: worth asking again. */
  private async watchPermission(): Promise<void> {
    const permission = await microphonePermission();
    permission?.addEventListener("change", () => {
      const { status } = this.store.getState();
      if (status === "denied" && permission.state !== "denied")
        this.store.setState({ status: "idle", error: undefined });
    });
  }

  private release(): void {
    this.meter?.close();
    this.meter = null;
    this.current?.stop();
    this.current = null;
  }
}

/** Null where the browser does not tell (Firefox before 131). */
async function microphonePermission(): Promise<PermissionStatus | null> {
  const query = navigator.permissions?.query({ name: "microphone" as PermissionName });
  return (await query?.catch(() => null)) ?? null;
}

/** Without Web Audio there is no meter, which is no reason to have no microphone. */
function meterOf(track: MediaStreamTrack): LevelMeter | null {
  if (typeof AudioContext === "undefined") return null;
  const clone = track.clone();
  clone.enabled = true;
  return new LevelMeter(clone);
}

export interface MicrophoneConstraints {
  deviceId: string | null;
  noiseSuppression: boolean;
  autoGain: boolean;
}

/** `exact` for a person's own choice: without it browsers may quietly open another microphone. */
export function constraintsFor(wish: MicrophoneConstraints): MediaTrackConstraints {
  return {
    ...(wish.deviceId ? { deviceId: { exact: wish.deviceId } } : {}),
    echoCancellation: true,
    noiseSuppression: wish.noiseSuppression,
    autoGainControl: wish.autoGain,
    // Stereo turns echo cancellation off in Chromium.
    channelCount: 1,
  };
}

/** Opens the chosen microphone; the system's choice only when that one is not there any more. */
export async function capture(devices: MediaDevices, wish: MicrophoneConstraints): Promise<MediaStreamTrack> {
  try {
    return await open(devices, wish);
  } catch (error) {
    const vanished = wish.deviceId && nameOf(error) in { OverconstrainedError: 1, NotFoundError: 1 };
    if (!vanished) throw error;
    return open(devices, { ...wish, deviceId: null });
  }
}

/** Whether the track is processed as wished, as far as the browser tells. */
export function grants(
  track: MediaStreamTrack,
  { noiseSuppression, autoGain }: MicrophoneConstraints,
): boolean {
  const has = track.getSettings();
  return (
    (has.noiseSuppression ?? noiseSuppression) === noiseSuppression &&
    (has.autoGainControl ?? autoGain) === autoGain
  );
}

export function statusOf(error: unknown): MicrophoneStatus {
  switch (nameOf(error)) {
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

export function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

/** The wished microphone and no other. Rejects as getUserMedia does. */
export async function open(devices: MediaDevices, wish: MicrophoneConstraints): Promise<MediaStreamTrack> {
  const stream = await devices.getUserMedia({ audio: constraintsFor(wish), video: false });
  const [track, ...others] = stream.getAudioTracks();
  for (const other of others) other.stop();
  if (!track) throw new DOMException("no audio track", "NotFoundError");
  return track;
}
