import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Joined, RoomNode } from "../protocol";
import { joined, participant, refusal, room } from "../test/builders";
import { FakeMicrophone } from "../test/fake-microphone";
import { FakePeer } from "../test/fake-peer";
import { FakeSocket } from "../test/fake-socket";
import { noAnswer } from "./api-error";
import { Call, type CallDeps, CUT_OFF_SHOWN_MS } from "./call";
import { viewOf } from "./call-state";
import { ResumeTokenStore } from "./resume-token";
import type { RoomEvent } from "./room-events";
import { MOVE_WITHIN_MS } from "./room-move";
import { FORMER_KEPT_MS } from "./room-session";

const ONE: RoomNode = { nodeId: "n1-a", url: "/n/n1" };
const TWO: RoomNode = { nodeId: "n2-b", url: "/n/n2" };

let sockets: FakeSocket[];
let bases: (() => string)[];
let peers: FakePeer[];
let microphone: FakeMicrophone;
let playback: {
  [K in "prepare" | "attach" | "assign" | "detach" | "unblock"]: ReturnType<
    typeof vi.fn<CallDeps["playback"][K]>
  >;
};
let findNode: ReturnType<typeof vi.fn<CallDeps["findNode"]>>;
let call: Call;
let events: RoomEvent[];
/** The second server's answer to `join`. */
let second: Partial<Joined>;

const view = () => viewOf(call.store.getState());
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const at = (index: number) => sockets[index] as FakeSocket;
const unmuted = { room: room({ participants: [participant({ isMuted: false })] }) };

beforeEach(async () => {
  vi.useFakeTimers();
  sessionStorage.clear();
  sockets = [];
  bases = [];
  peers = [];
  events = [];
  second = { node: TWO, nodeId: TWO.nodeId, isSettling: true, resumeToken: "resume-token-0002" };
  microphone = new FakeMicrophone();
  playback = { prepare: vi.fn(), attach: vi.fn(), assign: vi.fn(), detach: vi.fn(), unblock: vi.fn() };
  findNode = vi.fn(() => Promise.reject(noAnswer("network")));
  call = new Call({
    createSocket: (base) => {
      const socket = new FakeSocket();
      const offer = { id: `o${sockets.length}`, sdp: `offer ${sockets.length}` };
      socket.answers.join = () =>
        base() === TWO.url ? joined({ offer, ...second }) : joined({ offer, node: ONE, nodeId: ONE.nodeId });
      sockets.push(socket);
      bases.push(base);
      return socket;
    },
    findNode,
    createPeer: (configuration) => {
      const peer = new FakePeer(configuration);
      peer.eager = true;
      peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
    resumeTokens: new ResumeTokenStore(sessionStorage, () => Date.now()),
    microphone,
    playback,
    now: () => Date.now(),
    random: () => 0,
    renewToken: () => Promise.resolve(true),
  });
  call.events.on((event) => events.push(event));
  void call.join({ roomId: "r1", node: ONE });
  await settle();
});

afterEach(async () => {
  void call.leave();
  await settle(2_000);
  vi.useRealTimers();
});

async function moving(node: RoomNode | null = TWO): Promise<void> {
  at(0).emit("room_moving", { seq: 1, node });
  await settle();
}

test("a moving room is joined at its new server while the old one is heard and both get the microphone", async () => {
  call.setMuted(false);
  await settle();
  second = { ...second, ...unmuted };
  await moving();
  expect(bases[1]?.()).toBe("/n/n2");
  expect(at(1).payloads("join")).toEqual([{ roomId: "r1", resumeToken: "resume-token-0001" }]);
  expect(peers.map((peer) => peer.microphone?.track)).toEqual([microphone.track, microphone.track]);
  expect(playback.prepare).toHaveBeenCalledTimes(1);
  expect(playback.attach).toHaveBeenCalledTimes(1);
  expect(view()).toMatchObject({ phase: "joined", notice: null, isMuted: false });

  at(1).emit("room_settled", { seq: 1 });
  await settle();
  expect(playback.attach).toHaveBeenCalledTimes(2);
  expect(playback.attach.mock.lastCall?.[0]).toBe(playback.prepare.mock.lastCall?.[0]);
  expect(peers.map(({ closed }) => closed)).toEqual([false, false]);
  await settle(FORMER_KEPT_MS);
  expect(peers.map(({ closed }) => closed)).toEqual([true, false]);
  expect(sockets.map(({ connected }) => connected)).toEqual([false, true]);
  expect(view()).toMatchObject({ phase: "joined", notice: null, isMuted: false });
  expect(events).toEqual([]);
});

test("the state at the switch is that of the new server, without announcements", async () => {
  second = { ...second, room: room({ isLocked: true }) };
  await moving();
  at(1).emit("participant_joined", { seq: 1, participant: participant({ id: "p-late", userId: "u-late" }) });
  expect(view().room?.isLocked).toBe(false);
  at(1).emit("room_settled", { seq: 2 });
  await settle();
  expect(view().room?.isLocked).toBe(true);
  expect(view().participants.map(({ id }) => id)).toContain("p-late");
  expect(events).toEqual([]);
  at(1).emit("room_updated", { seq: 3, room: room({ isLocked: false }) });
  expect(view().room?.isLocked).toBe(false);
});

test("a room that has settled already is switched to once its audio is connected", async () => {
  second = { ...second, isSettling: false };
  await moving();
  expect(playback.attach).toHaveBeenCalledTimes(2);
});

test("a mute during the move acts at the old server at once, and is repeated at the new one", async () => {
  call.setMuted(false);
  await settle();
  let answer: (ack: Joined) => void = () => {};
  second = { ...second, ...unmuted };
  at(0).emit("room_moving", { seq: 1, node: TWO });
  at(1).answers.join = () =>
    new Promise<Joined>((resolve) => {
      answer = resolve;
    });
  at(1).drop();
  await settle(400);
  call.setMuted(true);
  await settle();
  expect(microphone.isOpen).toBe(false);
  expect(at(0).payloads("set_muted")).toEqual([{ muted: false }, { muted: true }]);
  expect(at(1).payloads("set_muted")).toEqual([]);
  answer(joined({ ...second }));
  await settle();
  expect(at(1).payloads("set_muted")).toContainEqual({ muted: true });
  at(1).emit("room_settled", { seq: 1 });
  await settle();
  expect(view().isMuted).toBe(true);
  expect(microphone.isOpen).toBe(false);
});

test("a mute by the host at the new server closes the microphone before the switch", async () => {
  call.setMuted(false);
  await settle();
  second = { ...second, ...unmuted };
  await moving();
  expect(microphone.isOpen).toBe(true);
  const participantMuted = participant({ isMuted: true });
  at(1).emit("participant_updated", { seq: 1, participant: participantMuted, mutedByHost: true });
  expect(microphone.isOpen).toBe(false);
  expect(view()).toMatchObject({ isMuted: true, mutedByHost: true });
});

test("nothing that the new server says opens the microphone", async () => {
  second = { ...second, ...unmuted };
  await moving();
  expect(microphone.isOpen).toBe(false);
  expect(at(1).payloads("set_muted")).toEqual([{ muted: true }]);
  at(1).emit("room_settled", { seq: 1 });
  await settle();
  expect(view().isMuted).toBe(true);
});

test("an action that was refused because the room moves is repeated at the new server", async () => {
  at(0).answers.set_hand = () => refusal("unavailable", { retryAfter: 0.3 });
  const raised = call.request("set_hand", { raised: true });
  await settle(100);
  await moving();
  await settle(300);
  await expect(raised).resolves.toEqual({ ok: true });
  expect(at(1).payloads("set_hand")).toEqual([{ raised: true }]);
});

test("the old server's loss during the move is not shown, and ends the wait", async () => {
  await moving();
  at(0).drop();
  await settle();
  expect(playback.attach).toHaveBeenCalledTimes(2);
  expect(view()).toMatchObject({ phase: "joined", notice: null });
  await settle(10_000);
  expect(sockets).toHaveLength(2);
  expect(at(0).attempts).toBe(1);
});

test("a new server that does not answer is given up, and the way of a lost server is taken", async () => {
  findNode.mockResolvedValue(TWO);
  at(0).emit("room_moving", { seq: 1, node: TWO });
  at(1).answers.join = () => new Promise(() => {});
  at(1).drop();
  await settle(MOVE_WITHIN_MS);
  expect(at(1).connected).toBe(false);
  expect(view()).toMatchObject({ phase: "joined", notice: null });
  at(0).emit("room_closed", { seq: 2, reason: "moved" });
  await settle(1_000);
  expect(findNode).toHaveBeenCalledWith("r1", ONE.nodeId);
  expect(bases[0]?.()).toBe("/n/n2");
  expect(view()).toMatchObject({ phase: "joined", notice: null });
});

test("a move that fails after the old server was lost goes on as after any loss", async () => {
  at(0).emit("room_moving", { seq: 1, node: TWO });
  at(1).answers.join = () => new Promise(() => {});
  at(1).drop();
  at(0).drop();
  await settle(MOVE_WITHIN_MS);
  expect(view().phase).toBe("reconnecting");
  await settle(1_000);
  expect(view().phase).toBe("joined");
});

test("leaving during the move leaves at the new server and closes both", async () => {
  await moving();
  void call.leave();
  await settle(1_000);
  expect(at(1).names()).toContain("leave");
  expect(sockets.map(({ connected }) => connected)).toEqual([false, false]);
  expect(peers.every(({ closed }) => closed)).toBe(true);
});

test("a server that is cut off, while no other one has the room, is shown until it says so no more", async () => {
  findNode.mockResolvedValue(ONE);
  await moving(null);
  expect(view()).toMatchObject({ phase: "joined", notice: "server_cut_off" });
  await settle(CUT_OFF_SHOWN_MS - 1_000);
  at(0).emit("room_moving", { seq: 2, node: null });
  await settle(CUT_OFF_SHOWN_MS - 1_000);
  expect(view().notice).toBe("server_cut_off");
  await settle(1_000);
  expect(view()).toMatchObject({ phase: "joined", notice: null });
});

test("a server that was cut off and ends is followed to the one that takes the room", async () => {
  await moving(null);
  at(0).drop();
  findNode.mockResolvedValue(TWO);
  await settle(1_000);
  expect(bases[0]?.()).toBe("/n/n2");
  expect(view()).toMatchObject({ phase: "joined", notice: null });
});

test("a server in doubt lets the client ask, which stays where the room still is", async () => {
  findNode.mockResolvedValue(ONE);
  await moving(null);
  expect(findNode).toHaveBeenCalledWith("r1", ONE.nodeId);
  expect(sockets).toHaveLength(1);
  findNode.mockRejectedValue(noAnswer("timeout"));
  at(0).emit("room_moving", { seq: 2, node: null });
  await settle();
  expect(sockets).toHaveLength(1);
  expect(view().phase).toBe("joined");
  findNode.mockResolvedValue(TWO);
  at(0).emit("room_moving", { seq: 3, node: null });
  await settle();
  expect(at(1).names()).toContain("join");
  at(1).emit("room_settled", { seq: 1 });
  await settle();
  expect(view().notice).toBeNull();
});
