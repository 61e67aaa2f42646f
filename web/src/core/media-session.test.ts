import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakePeer } from "../test/fake-peer";
import { ApiError, noAnswer, problem } from "./api-error";
import { type MediaDeps, MediaSession } from "./media-session";

let peers: FakePeer[];
let session: MediaSession;
let requestOffer: ReturnType<typeof vi.fn<MediaDeps["requestOffer"]>>;
let sendAnswer: ReturnType<typeof vi.fn<MediaDeps["sendAnswer"]>>;
let receiversChanged: ReturnType<typeof vi.fn<MediaDeps["receiversChanged"]>>;
let stateChanged: ReturnType<typeof vi.fn<MediaDeps["stateChanged"]>>;
let othersTalk: boolean;

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const offer = (id: string) => ({ id, sdp: `offer ${id}` });
const offered = (id: string) => ({ offer: offer(id), slots: [], iceServers: [] });

beforeEach(() => {
  vi.useFakeTimers();
  peers = [];
  othersTalk = false;
  requestOffer = vi.fn((mode: string) =>
    Promise.resolve(offered(`${mode}-${requestOffer.mock.calls.length}`)),
  );
  sendAnswer = vi.fn(() => Promise.resolve());
  receiversChanged = vi.fn();
  stateChanged = vi.fn();
  session = new MediaSession({
    createPeer: (configuration) => {
      const peer = new FakePeer(configuration);
      peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
    now: () => Date.now(),
    requestOffer,
    sendAnswer,
    receiversChanged,
    stateChanged,
    sampled: () => {},
    expectations: () => ({ othersTalk, weSend: false }),
  });
});

afterEach(() => {
  session.close();
  vi.useRealTimers();
});

async function connect(id: string): Promise<FakePeer> {
  await session.replace(offer(id), []);
  const peer = peers.at(-1) as FakePeer;
  peer.become("connected");
  return peer;
}

test("the old connection carries the audio until the new one is connected", async () => {
  const old = await connect("a");
  await session.replace(offer("b"), []);
  expect(old.closed).toBe(false);
  expect(receiversChanged).toHaveBeenCalledTimes(1);
  peers[1]?.become("connected");
  expect(old.closed).toBe(true);
  expect(receiversChanged).toHaveBeenCalledTimes(2);
  expect([...(receiversChanged.mock.calls[1]?.[0].keys() ?? [])]).toEqual(["1", "2"]);
});

test("without a microphone mid 0 is sendonly, and a later track needs no negotiation", async () => {
  const peer = await connect("a");
  expect(peer.microphone).toMatchObject({ direction: "sendonly", track: null });
  const track = { kind: "audio" } as MediaStreamTrack;
  session.setTrack(track);
  await settle();
  expect(peer.microphone?.track).toBe(track);
  expect(sendAnswer).toHaveBeenCalledTimes(1);
});

test("does not answer an offer that a newer one replaced", async () => {
  const first = session.replace(offer("a"), []);
  const second = session.replace(offer("b"), []);
  await Promise.all([first, second]);
  expect(sendAnswer.mock.calls.map(([id]) => id)).toEqual(["b"]);
});

test("a stall restarts ICE on the same connection without a notice if it recovers", async () => {
  const peer = await connect("a");
  peer.stats = [{ type: "candidate-pair", responsesReceived: 1 }];
  othersTalk = true;
  await settle(1_600);
  expect(requestOffer.mock.calls).toEqual([["ice"]]);
  expect(peers).toHaveLength(1);
  expect(peer.remote).toEqual(["offer a", "offer ice-1"]);
  peer.stats = [
    { type: "inbound-rtp", packetsReceived: 50 },
    { type: "candidate-pair", responsesReceived: 2 },
  ];
  await settle(500);
  othersTalk = false;
  await settle(10_000);
  expect(requestOffer).toHaveBeenCalledTimes(1);
  expect(stateChanged).not.toHaveBeenCalled();
});

test("replaces the connection and shows the loss if the ICE restart does not help", async () => {
  const peer = await connect("a");
  peer.become("failed");
  await settle(500);
  expect(requestOffer.mock.calls).toEqual([["ice"]]);
  await settle(4_500);
  expect(requestOffer.mock.calls).toEqual([["ice"], ["full"]]);
  expect(stateChanged.mock.calls).toEqual([["lost"]]);
  expect(peers).toHaveLength(2);
  peers[1]?.become("connected");
  expect(stateChanged.mock.calls).toEqual([["lost"], ["ok"]]);
  expect(peer.closed).toBe(true);
});

test("audio that never came is not called lost, and within 10 s the network is named", async () => {
  await session.replace(offer("a"), []);
  await settle(5_000);
  expect(stateChanged.mock.calls).toEqual([["connecting"]]);
  await settle(5_000);
  expect(stateChanged.mock.calls).toEqual([["connecting"], ["unreachable"]]);
  // Each further attempt is as silent as the first.
  await settle(30_000);
  expect(stateChanged).toHaveBeenCalledTimes(2);
  peers.at(-1)?.become("connected");
  expect(stateChanged.mock.lastCall).toEqual(["ok"]);
});

test("a connection that takes a moment is not reported", async () => {
  await session.replace(offer("a"), []);
  await settle(3_000);
  peers[0]?.become("connected");
  await settle(10_000);
  expect(stateChanged).not.toHaveBeenCalled();
});

test("audio that does not return is first lost, later out of reach", async () => {
  const peer = await connect("a");
  peer.become("failed");
  await settle(30_000);
  expect(stateChanged.mock.calls).toEqual([["lost"], ["unreachable"]]);
});

test("a refused ICE restart is followed by a new connection at once", async () => {
  await connect("a");
  requestOffer.mockImplementationOnce(() =>
    Promise.reject(new ApiError(problem("media_failed", 400, "no", true))),
  );
  session.networkChanged();
  await settle(1_000);
  expect(requestOffer.mock.calls).toEqual([["ice"], ["full"]]);
});

test("keeps trying without signalling until the next join brings an offer", async () => {
  const peer = await connect("a");
  requestOffer.mockImplementation(() => Promise.reject(noAnswer("network")));
  peer.become("failed");
  await settle(20_000);
  expect(requestOffer.mock.calls.length).toBeGreaterThan(1);
  const next = await connect("b");
  expect(peer.closed).toBe(true);
  expect(next.closed).toBe(false);
  expect(stateChanged.mock.lastCall).toEqual(["ok"]);
});

test("after close nothing is sent or left open", async () => {
  const peer = await connect("a");
  peer.become("failed");
  session.close();
  await session.replace(offer("b"), []);
  await settle(20_000);
  expect(requestOffer).not.toHaveBeenCalled();
  expect(sendAnswer).toHaveBeenCalledTimes(1);
  expect(peers.every(({ closed }) => closed)).toBe(true);
});

test("repairs a connection whose getStats never answers", async () => {
  const peer = await connect("a");
  othersTalk = true;
  peer.stats = [{ type: "inbound-rtp", packetsReceived: 10 }];
  await settle(500);
  expect(requestOffer).not.toHaveBeenCalled();
  peer.getStats = () => new Promise(() => {});
  await settle(1_500);
  expect(requestOffer.mock.calls).toEqual([["ice"]]);
});

test("ignores a rejected getStats", async () => {
  const peer = await connect("a");
  peer.getStats = () => Promise.reject(new DOMException("closed", "InvalidStateError"));
  await settle(5_000);
  expect(requestOffer).not.toHaveBeenCalled();
});
