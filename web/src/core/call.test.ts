import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { joined, participant, refusal, room, snapshot } from "../test/builders";
import { FakeMicrophone } from "../test/fake-microphone";
import { FakePeer } from "../test/fake-peer";
import { FakeSocket, SILENCE } from "../test/fake-socket";
import { ApiError, noAnswer, problem } from "./api-error";
import { Call, type CallDeps } from "./call";
import { viewOf } from "./call-state";
import { ResumeTokenStore } from "./resume-token";
import type { RoomEvent } from "./room-events";

let socket: FakeSocket;
let peers: FakePeer[];
let microphone: FakeMicrophone;
let playback: {
  [K in "prepare" | "attach" | "assign" | "detach" | "unblock"]: ReturnType<
    typeof vi.fn<CallDeps["playback"][K]>
  >;
};
let renewToken: ReturnType<typeof vi.fn<() => Promise<boolean>>>;
let pageClosed: ReturnType<typeof vi.fn<(roomId: string, resumeToken: string) => void>>;
let call: Call;
let events: RoomEvent[];
let baseOf: () => string;
let findNode: ReturnType<typeof vi.fn<CallDeps["findNode"]>>;

const view = () => viewOf(call.store.getState());
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const me = (change: object) => participant(change);

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  peers = [];
  microphone = new FakeMicrophone();
  playback = { prepare: vi.fn(), attach: vi.fn(), assign: vi.fn(), detach: vi.fn(), unblock: vi.fn() };
  renewToken = vi.fn(() => Promise.resolve(true));
  pageClosed = vi.fn();
  findNode = vi.fn(() => Promise.reject(noAnswer("network")));
  let offers = 0;
  socket.answers.join = () => joined({ offer: { id: `o${++offers}`, sdp: `offer ${offers}` } });
  call = new Call({
    createSocket: (base) => {
      baseOf = base;
      return socket;
    },
    findNode,
    createPeer: (configuration) => {
      const peer = new FakePeer(configuration);
      peer.eager = true;
      peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
    resumeTokens: new ResumeTokenStore(sessionStorage, () => Date.now(), pageClosed),
    microphone,
    playback,
    now: () => Date.now(),
    random: () => 0,
    renewToken,
  });
  events = [];
  call.events.on((event) => events.push(event));
});

afterEach(async () => {
  void call.leave();
  await settle(2_000);
  vi.useRealTimers();
});

async function join(): Promise<void> {
  void call.join({ roomId: "r1" });
  await settle();
}

async function unmute(): Promise<void> {
  call.setMuted(false);
  await settle();
}

function serverReports(muted: boolean, mutedByHost = false, seq = 1): void {
  socket.emit("participant_updated", { seq, participant: me({ isMuted: muted }), mutedByHost });
}

test("joining answers the offer and starts muted", async () => {
  await join();
  expect(view()).toMatchObject({ phase: "joined", isMuted: true, isHost: true, notice: null, end: null });
  expect(socket.names()).toEqual(["join", "answer"]);
  expect(socket.payloads("answer")).toEqual([{ offerId: "o1", sdp: "answer to offer 1" }]);
  expect(peers[0]?.microphone?.direction).toBe("sendonly");
  expect(playback.attach).toHaveBeenCalledTimes(1);
  expect(microphone.isOpen).toBe(false);
});

test("unmuting needs the click and the server, and starts a listener's microphone", async () => {
  await join();
  await unmute();
  expect(socket.payloads("set_muted")).toEqual([{ muted: false }]);
  expect(microphone.isOpen).toBe(true);
  expect(peers[0]?.microphone?.track).toBe(microphone.track);
});

test("a denied microphone stays muted on both sides", async () => {
  await join();
  microphone.available = false;
  await unmute();
  expect(view().isMuted).toBe(true);
  expect(socket.payloads("set_muted")).toEqual([]);
  expect(events.map(({ type }) => type)).toEqual(["refused"]);
});

test("a refused unmute stays muted and emits an event", async () => {
  await join();
  socket.answers.set_muted = () => refusal("too_many_requests");
  await unmute();
  expect(view().isMuted).toBe(true);
  expect(microphone.isOpen).toBe(false);
  expect(events[0]).toMatchObject({ type: "refused", problem: { code: "too_many_requests" } });
});

test("rejoins with the resume token after a lost socket and keeps the mute state", async () => {
  await join();
  await unmute();
  socket.answers.join = () => joined({ room: room({ participants: [me({ isMuted: false })] }) });
  socket.drop();
  expect(view()).toMatchObject({ phase: "reconnecting", notice: "connection_lost" });
  await settle();
  expect(view()).toMatchObject({ phase: "joined", isMuted: false });
  expect(socket.payloads("join").at(-1)).toEqual({ roomId: "r1", resumeToken: "resume-token-0001" });
});

test("requests no other offer while rejoining", async () => {
  await join();
  let answerJoin = (_: unknown) => {};
  socket.answers.join = () => new Promise((resolve) => (answerJoin = resolve));
  socket.drop();
  await settle();
  window.dispatchEvent(new Event("online"));
  await settle(500);
  answerJoin(joined({ offer: { id: "o9", sdp: "offer 9" } }));
  await settle();
  expect(socket.payloads("reconnect_media")).toEqual([]);
  expect(view().phase).toBe("joined");
  expect(peers.at(-1)?.remote).toEqual(["offer 9"]);
});

test("muted before a reconnect is muted after it, even if the server has forgotten", async () => {
  await join();
  await unmute();
  call.setMuted(true);
  microphone.gate.length = 0;
  socket.answers.join = () => joined({ room: room({ participants: [me({ isMuted: false })] }) });
  socket.drop();
  await settle();
  expect(view()).toMatchObject({ phase: "joined", isMuted: true });
  expect(microphone.gate).not.toContain(true);
  expect(socket.payloads("set_muted").at(-1)).toEqual({ muted: true });
});

test("muting while disconnected is sent after the reconnect", async () => {
  await join();
  await unmute();
  socket.reachable = false;
  socket.drop();
  call.setMuted(true);
  expect(microphone.isOpen).toBe(false);
  socket.answers.join = () => joined({ room: room({ participants: [me({ isMuted: false })] }) });
  socket.reachable = true;
  await settle(10_000);
  expect(view()).toMatchObject({ phase: "joined", isMuted: true });
  expect(socket.payloads("set_muted").at(-1)).toEqual({ muted: true });
});

test("unmuting while disconnected does nothing, then or later", async () => {
  await join();
  socket.reachable = false;
  socket.drop();
  await unmute();
  socket.reachable = true;
  await settle(10_000);
  expect(view()).toMatchObject({ phase: "joined", isMuted: true });
  expect(microphone.gate).not.toContain(true);
});

test("joining as a new participant starts muted", async () => {
  await join();
  await unmute();
  socket.answers.join = () =>
    joined({ participantId: "p-new", room: room({ participants: [me({ id: "p-new" })] }) });
  socket.drop();
  await settle();
  expect(view()).toMatchObject({ phase: "joined", isMuted: true });
  expect(microphone.isOpen).toBe(false);
});

test("losing the microphone mutes locally and on the server", async () => {
  await join();
  await unmute();
  microphone.stop();
  await settle();
  expect(view().isMuted).toBe(true);
  expect(socket.payloads("set_muted").at(-1)).toEqual({ muted: true });
  microphone.gate.length = 0;
  await microphone.start();
  await settle();
  expect(microphone.gate).not.toContain(true);
});

test("nothing that the server sends opens the microphone", async () => {
  await join();
  microphone.gate.length = 0;
  microphone.isLive = true;
  serverReports(false);
  socket.answers.sync = () => snapshot({ seq: 9, room: room({ participants: [me({ isMuted: false })] }) });
  socket.emit("dominant_speaker", { seq: 8, participantId: null });
  await settle();
  expect(view().isMuted).toBe(true);
  expect(microphone.gate).not.toContain(true);
});

test("a mute by the host closes the microphone, and one's own click opens it again", async () => {
  await join();
  await unmute();
  serverReports(true, true);
  expect(microphone.isOpen).toBe(false);
  expect(view()).toMatchObject({ isMuted: true, mutedByHost: true });
  expect(events.at(-1)?.type).toBe("you_muted_by_host");
  await unmute();
  expect(view()).toMatchObject({ isMuted: false, mutedByHost: false });
});

test.each(["room_full", "room_locked", "invite_invalid"])(
  "%s at the door ends with that reason",
  async (code) => {
    socket.answers.join = () => refusal(code, { retryable: true });
    await call.join({ roomId: "r1" });
    expect(view()).toMatchObject({ phase: "ended", end: { reason: code, problem: { code } } });
  },
);

test("retries and joins after a busy server", async () => {
  let refusals = 2;
  socket.answers.join = () => (refusals-- > 0 ? refusal("unavailable", { retryable: true }) : joined());
  void call.join({ roomId: "r1" });
  await settle(3_000);
  expect(view().phase).toBe("joined");
  expect(socket.payloads("join")).toHaveLength(3);
});

test.each(["removed_by_host", "joined_elsewhere", "timed_out"])(
  "%s ends the call and does not come back",
  async (reason) => {
    await join();
    await unmute();
    socket.emit("removed", { seq: 1, reason });
    await settle(30_000);
    expect(view()).toMatchObject({ phase: "ended", end: { reason } });
    expect(microphone.isOpen).toBe(false);
    expect(peers[0]?.closed).toBe(true);
    expect(socket.payloads("join")).toHaveLength(1);
    expect(call.canResume("r1")).toBe(false);
  },
);

test.each([
  ["closed_by_host", "room_closed"],
  ["moved", "room_moved"],
])("a room that ended because of %s ends the call as %s", async (reason, end) => {
  await join();
  socket.emit("room_closed", { seq: 1, reason });
  await settle();
  expect(view()).toMatchObject({ phase: "ended", end: { reason: end } });
});

test("the end of the person's session leaves the room and closes the microphone", async () => {
  await join();
  await unmute();
  void call.leave("signed_out");
  expect(view()).toMatchObject({ phase: "ended", isMuted: true, end: { reason: "signed_out" } });
  expect(microphone).toMatchObject({ isOpen: false, isLive: false });
  await settle();
  expect(socket.names()).toContain("leave");
  expect(call.canResume("r1")).toBe(false);
});

test("leaving ends the call at once and notifies the server", async () => {
  await join();
  socket.answers.leave = () => SILENCE;
  const done = call.leave();
  expect(view()).toMatchObject({ phase: "ended", end: { reason: "left" } });
  await done;
  expect(socket.names()).toContain("leave");
  expect(socket.connected).toBe(false);
});

test("leaving during a join does not join", async () => {
  let answer = (_: unknown) => {};
  socket.answers.join = () => new Promise((resolve) => (answer = resolve));
  void call.join({ roomId: "r1" });
  await settle();
  void call.leave();
  answer(joined());
  await settle(2_000);
  expect(view().phase).toBe("ended");
  expect(peers.every(({ closed }) => closed)).toBe(true);
});

test("shows a restarting server until rejoined", async () => {
  await join();
  socket.emit("server_draining", { seq: 1 });
  expect(view().notice).toBe("server_restarting");
  socket.reachable = false;
  socket.drop();
  await settle(2_000);
  expect(view()).toMatchObject({ phase: "reconnecting", notice: "server_restarting" });
  socket.reachable = true;
  await settle(10_000);
  expect(view()).toMatchObject({ phase: "joined", notice: null });
});

test("renews an expired token once and joins", async () => {
  socket.refusal = refusal("token_expired", { status: 401 }).error;
  renewToken.mockImplementation(() => {
    socket.refusal = null;
    return Promise.resolve(true);
  });
  void call.join({ roomId: "r1" });
  await settle(1_000);
  expect(renewToken).toHaveBeenCalledTimes(1);
  expect(view().phase).toBe("joined");
});

test("a token that cannot be renewed ends the call", async () => {
  socket.refusal = refusal("unauthenticated", { status: 401 }).error;
  renewToken.mockResolvedValue(false);
  void call.join({ roomId: "r1" });
  await settle(60_000);
  expect(view()).toMatchObject({
    phase: "ended",
    end: { reason: "error", problem: { code: "unauthenticated" } },
  });
});

test("detects talking while muted only", async () => {
  await join();
  microphone.loudness = -20;
  await settle(1_000);
  expect(view().isTalkingWhileMuted).toBe(true);
  await unmute();
  await settle(200);
  expect(view().isTalkingWhileMuted).toBe(false);
});

test("a reload can resume within the grace time only", async () => {
  await join();
  expect(call.canResume("r1")).toBe(false);
  window.dispatchEvent(new Event("pagehide"));
  expect(call.canResume("r1")).toBe(true);
  expect(call.canResume("r2")).toBe(false);
  vi.setSystemTime(Date.now() - 60_000);
  expect(call.canResume("r1")).toBe(false);
  await settle(60_000 + 31_000);
  expect(call.canResume("r1")).toBe(false);
});

const hide = (persisted: boolean) => window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted }));

test("only a page that has a seat and does not come back says that it closes", async () => {
  hide(false);
  await join();
  hide(true);
  expect(pageClosed).not.toHaveBeenCalled();
  hide(false);
  expect(pageClosed).toHaveBeenCalledExactlyOnceWith("r1", "resume-token-0001");
  void call.leave();
  hide(false);
  expect(pageClosed).toHaveBeenCalledTimes(1);
});

test("a duplicated tab, which starts with a copy of the token, says nothing", () => {
  new ResumeTokenStore(sessionStorage, () => Date.now()).keep("r1", "resume-token-0001");
  hide(false);
  expect(pageClosed).not.toHaveBeenCalled();
});

test("shows nothing as known while the server is out of reach", async () => {
  const ana = participant({ id: "p-ana", isMuted: false, isSpeaking: true });
  socket.answers.join = () => joined({ room: room({ participants: [me({}), ana] }) });
  await join();
  socket.emit("dominant_speaker", { seq: 1, participantId: "p-ana" });
  const figures = {
    type: "candidate-pair",
    nominated: true,
    currentRoundTripTime: 0.02,
    responsesReceived: 7,
  };
  for (const peer of peers) peer.stats = [{ ...figures, timestamp: 0 }];
  await settle(4_000);
  expect(view()).toMatchObject({ isStale: false, dominantId: "p-ana" });
  expect(call.quality.getState().level).toBe("good");

  socket.reachable = false;
  socket.drop();
  expect(view()).toMatchObject({ isStale: true, dominantId: null });
  expect(view().participants.map(({ isSpeaking }) => isSpeaking)).toEqual([false, false]);
  expect(call.quality.getState().level).toBe("unknown");
  await settle(4_000);
  expect(call.quality.getState().level).toBe("unknown");

  for (const peer of peers) peer.stats = [{ ...figures, responsesReceived: 8, timestamp: 0 }];
  await settle(1_000);
  expect(call.quality.getState().level).toBe("good");
});

test("notices a lost network within seconds while nobody talks", async () => {
  await join();
  const check = (answered: number) => {
    for (const peer of peers)
      peer.stats = [{ type: "candidate-pair", responsesReceived: answered, timestamp: 0 }];
  };
  for (let answered = 1; answered <= 4; answered += 1) {
    check(answered);
    await settle(2_400);
  }
  expect(socket.payloads("ping")).toEqual([]);
  await settle(1_500);
  expect(socket.payloads("ping")).toHaveLength(1);
  expect(view().phase).toBe("joined");

  socket.answers.ping = () => SILENCE;
  socket.reachable = false;
  await settle(3_500);
  expect(view()).toMatchObject({ phase: "reconnecting", isStale: true });
});

const N1 = { nodeId: "n1-a", url: "/n/n1" };
const N2 = { nodeId: "n2-b", url: "/n/n2" };

test("a single server is never asked where the room is", async () => {
  await join();
  socket.drop();
  await settle(1_000);
  expect(view().phase).toBe("joined");
  expect(baseOf()).toBe("");
  expect(findNode).not.toHaveBeenCalled();
});

test("of several servers the one that the preview named is joined", async () => {
  socket.answers.join = () => joined({ node: N1 });
  void call.join({ roomId: "r1", node: N1 });
  await settle();
  expect(baseOf()).toBe("/n/n1");
  expect(findNode).not.toHaveBeenCalled();
});

test("a server that does not have the room leads to the one that has", async () => {
  socket.answers.join = () => refusal("room_elsewhere", { retryable: true, node: N1 });
  void call.join({ roomId: "r1" });
  await settle();
  socket.answers.join = () => joined({ node: N1 });
  await settle(1_000);
  expect(view().phase).toBe("joined");
  expect(baseOf()).toBe("/n/n1");
  expect(findNode).not.toHaveBeenCalled();
});

test("after a lost server the call goes on at the one that took the room, with the same seat", async () => {
  socket.answers.join = () => joined({ node: N1, resumeToken: "token-of-the-seat" });
  await join();
  socket.reachable = false;
  findNode.mockRejectedValueOnce(noAnswer("network"));
  socket.drop();
  await settle(100);
  expect([view().phase, baseOf()]).toEqual(["reconnecting", "/n/n1"]);
  socket.reachable = true;
  findNode.mockResolvedValue(N2);
  socket.answers.join = () => joined({ node: N2 });
  await settle(1_000);
  expect([view().phase, baseOf()]).toEqual(["joined", "/n/n2"]);
  expect(findNode.mock.calls).toEqual([
    ["r1", "n1-a"],
    ["r1", "n1-a"],
  ]);
  expect(socket.payloads("join").at(-1)).toMatchObject({ resumeToken: "token-of-the-seat" });
});

test("a room that another server took is followed there", async () => {
  socket.answers.join = () => joined({ node: N1 });
  await join();
  findNode.mockResolvedValue(N2);
  socket.answers.join = () => joined({ node: N2 });
  socket.emit("room_closed", { seq: 1, reason: "moved" });
  await settle(1_000);
  expect([view().phase, baseOf()]).toEqual(["joined", "/n/n2"]);
});

test("a room that is nowhere any more is asked for once more at the page's own server", async () => {
  socket.answers.join = () => joined({ node: N1 });
  await join();
  findNode.mockRejectedValue(new ApiError(problem("room_not_found", 404, "", false)));
  socket.answers.join = () => refusal("room_not_found");
  socket.drop();
  await settle(1_000);
  expect(baseOf()).toBe("");
  expect(view()).toMatchObject({ phase: "ended", end: { reason: "room_closed" } });
});
