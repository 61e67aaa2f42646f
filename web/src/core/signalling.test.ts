import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refusal, snapshot } from "../test/builders";
import { FakeSocket, SILENCE } from "../test/fake-socket";
import { Signalling, type SignallingHandlers } from "./signalling";

let socket: FakeSocket;
let signalling: Signalling;
let handlers: { [K in keyof SignallingHandlers]: ReturnType<typeof vi.fn<SignallingHandlers[K]>> };

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  handlers = { up: vi.fn(), down: vi.fn(), refused: vi.fn(), event: vi.fn(), snapshot: vi.fn() };
  signalling = new Signalling({ createSocket: () => socket, random: () => 0 }, handlers);
});

afterEach(() => {
  signalling.close();
  vi.useRealTimers();
});

function locked(seq: number): void {
  socket.emit("dominant_speaker", { seq, participantId: null });
}

test("a refusal in an ack becomes an ApiError with its code", async () => {
  signalling.open();
  socket.answers.join = () => refusal("room_full", { retryable: true });
  await expect(signalling.request("join", { roomId: "r1" })).rejects.toMatchObject({
    code: "room_full",
    retryable: true,
  });
});

test("distinguishes a missing ack from a missing connection, and queues nothing", async () => {
  await expect(signalling.request("leave", {})).rejects.toMatchObject({ code: "network" });
  expect(socket.sent).toEqual([]);
  signalling.open();
  socket.answers.leave = () => SILENCE;
  await expect(signalling.request("leave", {})).rejects.toMatchObject({ code: "timeout" });
});

test("a gap is healed by one sync, and events are delivered once and in order", async () => {
  signalling.open();
  signalling.baseline(10);
  socket.answers.sync = () => snapshot({ seq: 13 });
  locked(11);
  locked(13);
  locked(14);
  await vi.advanceTimersByTimeAsync(0);
  expect(socket.names()).toEqual(["sync"]);
  expect(handlers.snapshot).toHaveBeenCalledTimes(1);
  expect(handlers.event.mock.calls.map(([event]) => event.seq)).toEqual([11, 14]);
});

test("a sync without an ack reconnects", async () => {
  signalling.open();
  signalling.baseline(0);
  socket.answers.sync = () => SILENCE;
  locked(5);
  await vi.advanceTimersByTimeAsync(0);
  expect(handlers.down).toHaveBeenCalledTimes(1);
  expect(socket.attempts).toBe(2);
  expect(handlers.up).toHaveBeenCalledTimes(2);
});

test("a new connection restarts the numbering", () => {
  signalling.open();
  signalling.baseline(40);
  socket.drop();
  vi.advanceTimersByTime(0);
  signalling.baseline(0);
  locked(1);
  expect(handlers.event).toHaveBeenCalledTimes(1);
});

test("reconnects on the schedule until closed", () => {
  signalling.open();
  socket.reachable = false;
  socket.drop();
  vi.advanceTimersByTime(0 + 300 + 1200);
  expect(socket.attempts).toBe(4);
  signalling.close();
  vi.advanceTimersByTime(60_000);
  expect(socket.attempts).toBe(4);
});

test("accepted connections without a join do not reset the schedule", () => {
  const attempts: number[] = [];
  const start = Date.now();
  handlers.up.mockImplementation(() => {
    attempts.push(Date.now() - start);
    signalling.retry();
  });
  signalling.open();
  vi.advanceTimersByTime(0 + 300 + 1200 + 2700);
  expect(attempts).toEqual([0, 0, 300, 1500, 4200]);
});

test("reports a refused connection with its problem and does not retry", () => {
  socket.refusal = refusal("token_expired", { status: 401 }).error;
  signalling.open();
  expect(handlers.refused.mock.calls[0]?.[0]).toMatchObject({ code: "token_expired" });
  vi.advanceTimersByTime(60_000);
  expect(socket.attempts).toBe(1);
});

test("a probe without an ack drops the connection at once", async () => {
  signalling.open();
  socket.answers.ping = () => SILENCE;
  await signalling.probe();
  expect(handlers.down).toHaveBeenCalledTimes(1);
  expect(socket.attempts).toBe(2);
});

test("an answered probe changes nothing", async () => {
  signalling.open();
  await signalling.probe();
  expect(handlers.down).not.toHaveBeenCalled();
  expect(socket.attempts).toBe(1);
});

test("events without a number are ignored", () => {
  signalling.open();
  signalling.baseline(0);
  socket.emit("speaking", { participantId: "x" });
  socket.emit("speaking", null);
  expect(handlers.event).not.toHaveBeenCalled();
});
