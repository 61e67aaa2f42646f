import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { joined, refusal, snapshot } from "../test/builders";
import { FakeMicrophone } from "../test/fake-microphone";
import { FakePeer } from "../test/fake-peer";
import { FakeSocket } from "../test/fake-socket";
import { Call, type CallDeps } from "./call";
import { viewOf } from "./call-state";
import { ResumeTokenStore } from "./resume-token";

const KNOCKER = {
  id: "k1",
  name: "Ben",
  avatarUrl: "/api/avatars/g/b.svg",
  learningLevel: null,
  country: null,
};

let socket: FakeSocket;
let call: Call;
let base: () => string;
let findNode: ReturnType<typeof vi.fn<CallDeps["findNode"]>>;

const view = () => viewOf(call.store.getState());
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  socket.answers.join = () => refusal("knock_required");
  socket.answers.knock = () => ({ seq: 0, expiresIn: 300, canBeAnswered: true, position: 1 });
  const nothing = vi.fn();
  findNode = vi.fn(() => Promise.reject(new Error("one server")));
  call = new Call({
    createSocket: (url) => {
      base = url;
      return socket;
    },
    findNode,
    createPeer: (configuration) => {
      const peer = new FakePeer(configuration);
      peer.eager = true;
      return peer as unknown as RTCPeerConnection;
    },
    resumeTokens: new ResumeTokenStore(sessionStorage, () => Date.now()),
    microphone: new FakeMicrophone(),
    playback: { prepare: nothing, attach: nothing, assign: nothing, detach: nothing, unblock: nothing },
    now: () => Date.now(),
    random: () => 0,
    renewToken: () => Promise.resolve(true),
  });
});

afterEach(async () => {
  void call.leave();
  await settle(2_000);
  vi.useRealTimers();
});

async function knock(): Promise<void> {
  void call.join({ roomId: "r1", invite: "an-invite-of-the-room" });
  await settle();
}

test("knocks where the host lets people in one by one, and joins muted once admitted", async () => {
  await knock();
  expect(view()).toMatchObject({ phase: "knocking", knocking: { roomId: "r1", canBeAnswered: true } });
  expect(socket.payloads("knock")).toEqual([{ roomId: "r1", invite: "an-invite-of-the-room" }]);
  socket.answers.join = () => joined({ seq: 2 });
  socket.emit("knock_answered", { seq: 1, answer: "admitted" });
  await settle();
  expect(view()).toMatchObject({ phase: "joined", isMuted: true, knocking: null });
});

test("knows whether anybody can answer", async () => {
  await knock();
  socket.emit("knock_updated", { seq: 1, canBeAnswered: false, position: 3 });
  expect(view().knocking).toEqual({ roomId: "r1", canBeAnswered: false, position: 3 });
});

test.each(["declined", "expired"] as const)("ends when the knock is %s", async (answer) => {
  await knock();
  socket.emit("knock_answered", { seq: 1, answer });
  expect(view()).toMatchObject({ phase: "ended", knocking: null, end: { reason: `knock_${answer}` } });
});

test.each(["knock_declined", "knock_queue_full", "room_full"])(
  "ends when the knock is refused: %s",
  async (code) => {
    socket.answers.knock = () => refusal(code);
    await knock();
    expect(view()).toMatchObject({ phase: "ended", end: { reason: code } });
  },
);

test("knocks again after a lost connection", async () => {
  await knock();
  socket.drop();
  expect(view().phase).toBe("knocking");
  await settle();
  expect(socket.names()).toEqual(["join", "knock", "join", "knock"]);
  expect(view().phase).toBe("knocking");
});

test("withdraws the knock when the person stops waiting", async () => {
  await knock();
  void call.leave();
  await settle();
  expect(socket.names().at(-1)).toBe("withdraw_knock");
  expect(view().phase).toBe("ended");
});

test("the host sees who waits, from the first moment on", async () => {
  socket.answers.join = () => joined(snapshot({ knocks: [KNOCKER] }));
  await knock();
  expect(view().knocks).toEqual([KNOCKER]);
  socket.emit("knocks", { seq: 1, knocks: [] });
  expect(view().knocks).toEqual([]);
});

test.each([
  ["names the room's new server", { nodeId: "n2-b", url: "/n/n2" }],
  ["does not know it", null],
])("knocks at the room's new server when the old one %s", async (_, node) => {
  findNode.mockResolvedValue({ nodeId: "n2-b", url: "/n/n2" });
  void call.join({ roomId: "r1", node: { nodeId: "n1-a", url: "/n/n1" } });
  await settle();
  expect(base()).toBe("/n/n1");
  socket.emit("room_moving", { seq: 1, node });
  await settle(1_000);
  expect(base()).toBe("/n/n2");
  expect(socket.names()).toEqual(["join", "knock", "join", "knock"]);
  expect(view().phase).toBe("knocking");
});
