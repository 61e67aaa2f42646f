import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { room } from "../test/builders";
import { type CallState, IDLE } from "./call-state";
import { type Dialogue, EMPTY_DIALOGUE } from "./dialogue";
import type { RoomState } from "./room-state";
import { TalkRoom } from "./talk-room";

let call: ReturnType<typeof fakeCall>;
let microphone: { isLive: boolean };
let blocked: ReturnType<typeof vi.fn>;
let path: TalkRoom;

function fakeCall() {
  return {
    store: createStore<CallState>(() => IDLE),
    dialogue: createStore<Dialogue>(() => EMPTY_DIALOGUE),
    join: vi.fn(async () => {}),
    leave: vi.fn(async () => {}),
    reset: vi.fn(),
    retry: vi.fn(),
    setMuted: vi.fn(),
    send: vi.fn(async () => true),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  call = fakeCall();
  microphone = { isLive: true };
  blocked = vi.fn();
  path = new TalkRoom({ call, microphone, levelOf: () => 0.1 }, "r1", blocked as () => void);
});

afterEach(() => void vi.useRealTimers());

const view = () => path.store.getState();
const become = (change: Partial<CallState>) => call.store.setState(change);

async function join(isMuted = false): Promise<void> {
  path.start(isMuted);
  become({ phase: "joining" });
  become({ phase: "joined", isMuted: true, media: "ok" });
  await vi.advanceTimersByTimeAsync(0);
}

it("opens the microphone of the click once joined, and shows it as open meanwhile", async () => {
  // The call enters its phase before it has read the answer to its join.
  let wasRead = false;
  call.setMuted.mockImplementation(() => expect(wasRead).toBe(true));
  const isJoined = join();
  wasRead = true;
  await isJoined;
  expect(call.join).toHaveBeenCalledWith({ roomId: "r1" });
  expect(call.setMuted.mock.calls).toEqual([[false]]);
  expect(view()).toMatchObject({ phase: "open", isMuted: false });
  become({ isMuted: false });
  become({ isMuted: true });
  expect(view().isMuted).toBe(true);
});

it("opens nothing in a talk that was muted before it joined, or without a device", () => {
  path.start(false);
  path.setMuted(true);
  become({ phase: "joined", isMuted: true });
  expect(call.setMuted).not.toHaveBeenCalled();
  microphone.isLive = false;
  path = new TalkRoom({ call, microphone, levelOf: () => 0 }, "r1", blocked as () => void);
  path.start(false);
  expect(call.setMuted).not.toHaveBeenCalled();
  expect(view().isMuted).toBe(true);
  path.setMuted(false);
  expect(call.setMuted.mock.calls).toEqual([[false]]);
});

it("shows a microphone that does not open as muted", async () => {
  await join();
  vi.advanceTimersByTime(3_500);
  expect(view().isMuted).toBe(true);
});

it("says once that no sound gets through, after a second more than it takes to notice", async () => {
  await join();
  become({ media: "connecting" });
  vi.advanceTimersByTime(900);
  expect(blocked).not.toHaveBeenCalled();
  become({ media: "unreachable" });
  vi.advanceTimersByTime(200);
  expect(blocked).toHaveBeenCalledOnce();
});

it("waits on while sound comes after all", async () => {
  await join();
  become({ media: "connecting" });
  become({ media: "ok" });
  vi.advanceTimersByTime(5_000);
  expect(blocked).not.toHaveBeenCalled();
});

it("is lost while signalling or sound is, and goes elsewhere where sound stays away", async () => {
  await join();
  become({ phase: "reconnecting" });
  expect(view().phase).toBe("lost");
  become({ phase: "joined", media: "lost" });
  expect(view().phase).toBe("lost");
  become({ media: "unreachable" });
  vi.advanceTimersByTime(10);
  expect(blocked).toHaveBeenCalledOnce();
});

it("is closed with the reason of the stay's end, and leaves the call as if there had been none", async () => {
  await join();
  const end = { reason: "joined_elsewhere", problem: null } as const;
  become({ phase: "ended", end });
  expect(view()).toMatchObject({ phase: "closed", isMuted: true, trouble: { kind: "ended", end } });
  expect(call.reset).toHaveBeenCalledOnce();
});

it("leaves the room, with or without the microphone", async () => {
  await join();
  await path.end({ keepsMicrophone: true });
  expect(call.leave).toHaveBeenCalledWith("left", { keepsMicrophone: true });
  become({ phase: "ended", end: { reason: "left", problem: null } });
  expect(view().phase).toBe("open");
});

it("shows the tutor of its own room alone", async () => {
  await join();
  const tutor = { name: "Emma", participantId: "p9" } as never;
  const state = { meId: "me", participants: [] } as unknown as RoomState;
  become({ room: { ...state, room: { ...room({ tutor }), id: "r2" } } });
  expect(view().tutor).toBeNull();
  become({ room: { ...state, room: { ...room({ tutor }), id: "r1" } } });
  expect(view().tutor).toMatchObject({ name: "Emma" });
  expect(path.tutorLevel()).toBeCloseTo(-20);
});
