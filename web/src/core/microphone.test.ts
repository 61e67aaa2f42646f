import { beforeEach, expect, test, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { Microphone } from "./microphone";
import { DEFAULT_SETTINGS, type Settings } from "./settings";

class FakeTrack extends EventTarget {
  enabled = true;
  muted = false;
  readyState: "live" | "ended" = "live";
  readonly kind = "audio";
  constructor(
    readonly deviceId: string,
    readonly noiseSuppression = true,
  ) {
    super();
  }
  getSettings() {
    return { deviceId: this.deviceId, noiseSuppression: this.noiseSuppression };
  }
  stop(): void {
    this.readyState = "ended";
  }
  setMuted(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  }
  vanish(): void {
    this.stop();
    this.dispatchEvent(new Event("ended"));
  }
}

class FakeDevices extends EventTarget {
  present = ["default", "usb"];
  failure: string | null = null;
  sharesWhatRuns = false;
  readonly opened: FakeTrack[] = [];
  readonly asked: MediaTrackConstraints[] = [];

  getUserMedia = async ({ audio }: { audio: MediaTrackConstraints }) => {
    this.asked.push(audio);
    if (this.failure) throw new DOMException("", this.failure);
    const exact = (audio.deviceId as { exact: string } | undefined)?.exact;
    if (exact && !this.present.includes(exact)) throw new DOMException("", "OverconstrainedError");
    const running = this.opened.find(({ readyState }) => readyState === "live");
    const wished = audio.noiseSuppression === true;
    const track = new FakeTrack(
      exact ?? "default",
      this.sharesWhatRuns && running ? running.noiseSuppression : wished,
    );
    this.opened.push(track);
    return { getAudioTracks: () => [track] };
  };

  enumerateDevices = async () =>
    this.present.map((deviceId) => ({ kind: "audioinput", deviceId, label: deviceId }));
}

class FakePermission extends EventTarget {
  readonly state = "granted";
}

let devices: FakeDevices;
let microphone: Microphone;
const status = () => microphone.store.getState().status;
const last = () => devices.opened.at(-1) as FakeTrack;
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  devices = new FakeDevices();
  const settings = createStore<Settings>(() => DEFAULT_SETTINGS);
  microphone = new Microphone(settings, devices as unknown as MediaDevices);
});

test("a new track is disabled until opened", async () => {
  await microphone.start();
  expect(status()).toBe("ready");
  expect(last().enabled).toBe(false);
  microphone.setOpen(true);
  expect(last().enabled).toBe(true);
});

test("another device or other processing keeps the open state", async () => {
  await microphone.start();
  const first = last();
  await microphone.select("usb");
  expect(first.readyState).toBe("ended");
  expect(last()).toMatchObject({ deviceId: "usb", enabled: false });
  microphone.setOpen(true);
  await microphone.setProcessing({ noiseSuppression: false });
  expect(last()).toMatchObject({ deviceId: "usb", enabled: true });
  expect(devices.asked.at(-1)).toMatchObject({
    noiseSuppression: false,
    deviceId: { exact: "usb" },
    channelCount: 1,
  });
});

test("losing the device while muted opens no other one before the next click", async () => {
  await microphone.select("usb");
  await microphone.start();
  devices.present = ["default"];
  last().vanish();
  devices.dispatchEvent(new Event("devicechange"));
  await turn();
  expect(devices.opened).toHaveLength(1);
  expect(microphone.store.getState()).toMatchObject({ status: "error", error: "ended" });
  await microphone.start();
  expect(last()).toMatchObject({ deviceId: "default", enabled: false });
});

test("losing the device while unmuted closes the microphone", async () => {
  await microphone.select("usb");
  await microphone.start();
  microphone.setOpen(true);
  const tracks = vi.fn();
  microphone.tracks.on(tracks);
  devices.present = ["default"];
  last().vanish();
  await turn();
  expect(devices.opened).toHaveLength(1);
  expect(tracks.mock.calls).toEqual([[null]]);
  expect(microphone.store.getState()).toMatchObject({ status: "error", error: "ended" });
  await microphone.start();
  expect(last().enabled).toBe(false);
});

test("a device that is no longer listed counts as lost, even if its track is live", async () => {
  await microphone.select("usb");
  await microphone.start();
  devices.present = ["default"];
  devices.dispatchEvent(new Event("devicechange"));
  await turn();
  expect(last()).toMatchObject({ deviceId: "usb", readyState: "ended" });
  expect(microphone.store.getState().error).toBe("ended");
});

test("reopens the same device if it ended while unmuted", async () => {
  await microphone.select("usb");
  await microphone.start();
  microphone.setOpen(true);
  last().vanish();
  await turn();
  expect(devices.opened).toHaveLength(2);
  expect(last()).toMatchObject({ deviceId: "usb", enabled: true });
  expect(status()).toBe("ready");
});

test("a track that ended in a hidden page is reopened when visible, only if unmuted", async () => {
  const visibility = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  await microphone.start();
  microphone.setOpen(true);
  last().vanish();
  await turn();
  expect(devices.opened).toHaveLength(1);
  visibility.mockReturnValue("visible");
  document.dispatchEvent(new Event("visibilitychange"));
  await turn();
  expect(devices.opened).toHaveLength(2);
  expect(last().enabled).toBe(true);

  microphone.setOpen(false);
  last().vanish();
  document.dispatchEvent(new Event("visibilitychange"));
  await turn();
  expect(devices.opened).toHaveLength(2);
});

test("releases the microphone first if the browser ignores new constraints on a running device", async () => {
  await microphone.start();
  microphone.setOpen(true);
  const running = last();
  devices.sharesWhatRuns = true;
  await microphone.setProcessing({ noiseSuppression: false });
  expect(running.readyState).toBe("ended");
  expect(last()).toMatchObject({ noiseSuppression: false, enabled: true, readyState: "live" });
  expect(devices.opened.filter(({ readyState }) => readyState === "live")).toHaveLength(1);
});

test.each([
  ["NotAllowedError", "denied"],
  ["NotFoundError", "none"],
  ["NotReadableError", "error"],
] as const)("%s is %s", async (failure, expected) => {
  devices.failure = failure;
  await microphone.start();
  expect(microphone.store.getState()).toMatchObject({ status: expected, error: failure });
});

test("a change that fails keeps the microphone that works", async () => {
  await microphone.start();
  devices.failure = "NotReadableError";
  await microphone.setProcessing({ autoGain: false });
  expect(status()).toBe("ready");
  expect(last().readyState).toBe("live");
});

test("a track that has ended before it arrives is not ready", async () => {
  const open = devices.getUserMedia;
  devices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    last().stop();
    return stream;
  };
  await microphone.start();
  expect(status()).toBe("error");
  expect(microphone.track).toBeNull();
});

test("a track that ends without an event does not stay ready", async () => {
  vi.useFakeTimers();
  await microphone.start();
  last().stop();
  await vi.advanceTimersByTimeAsync(400);
  expect(microphone.store.getState()).toMatchObject({ status: "error", error: "ended" });
  vi.useRealTimers();
});

test("a mute by the system is reported, leaves the track as it is, and recovers", async () => {
  await microphone.start();
  last().setMuted(true);
  expect(microphone.store.getState()).toMatchObject({ status: "ready", input: "system_muted" });
  last().setMuted(false);
  expect(microphone.store.getState()).toMatchObject({ status: "ready", input: "sound" });
  expect(last().enabled).toBe(false);
});

test("a new device is not reported for the mute of the old one", async () => {
  await microphone.start();
  last().setMuted(true);
  await microphone.select("usb");
  expect(microphone.store.getState().input).toBe("sound");
});

test("starting again opens the device that was stopped, and leaves it muted", async () => {
  await microphone.select("usb");
  await microphone.start();
  microphone.setOpen(true);
  microphone.stop();
  await microphone.startAgain();
  expect(devices.opened).toHaveLength(2);
  expect(last()).toMatchObject({ deviceId: "usb", enabled: false, readyState: "live" });
});

test("starting again opens nothing for someone who had no microphone", async () => {
  microphone.stop();
  await microphone.startAgain();
  await microphone.start();
  microphone.stop();
  microphone.stop();
  await microphone.startAgain();
  expect(devices.opened).toHaveLength(1);
});

test("permission granted after a stop starts nothing", async () => {
  let grant = () => {};
  const open = devices.getUserMedia;
  devices.getUserMedia = async (wish) => {
    await new Promise<void>((resolve) => (grant = resolve));
    return open(wish);
  };
  const tracks = vi.fn();
  microphone.tracks.on(tracks);
  const started = microphone.start();
  microphone.stop();
  grant();
  await started;
  expect(status()).toBe("idle");
  expect(last().readyState).toBe("ended");
  expect(tracks.mock.calls).toEqual([[null]]);
});

test.each([
  ["insecure", false],
  ["unsupported", true],
])("says before anybody asks that pages here get no microphone: %s", async (status, isSecureContext) => {
  vi.stubGlobal("isSecureContext", isSecureContext);
  const settings = createStore<Settings>(() => DEFAULT_SETTINGS);
  const hidden = new Microphone(settings, undefined);
  expect(hidden.store.getState().status).toBe(status);
  await hidden.start();
  hidden.stop();
  expect(hidden.store.getState().status).toBe(status);
});

test.each([
  ["had it on", true, 1],
  ["was a listener", false, 0],
])("after a reload a tab that %s gets it back: %s", async (_who, wasOn, opened) => {
  if (wasOn) await microphone.start();
  const reloaded = new FakeDevices();
  vi.stubGlobal("navigator", { permissions: { query: async () => new FakePermission() } });
  const after = new Microphone(
    createStore<Settings>(() => DEFAULT_SETTINGS),
    reloaded as unknown as MediaDevices,
  );
  await after.resume();
  expect(reloaded.opened.map(({ enabled }) => enabled)).toEqual(Array(opened).fill(false));
});

test("a stopped microphone is not resumed after a reload", async () => {
  await microphone.start();
  microphone.stop();
  await microphone.resume();
  expect(devices.opened).toHaveLength(1);
});
