import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refusal, room } from "../test/builders";
import { FakeSocket } from "../test/fake-socket";
import { Lobby } from "./lobby";

let sockets: FakeSocket[];
let signedIn: boolean;
let lobby: Lobby;
const renewToken = vi.fn(() => Promise.resolve());

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  signedIn = true;
  lobby = new Lobby(
    () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1) as FakeSocket;
    },
    () => signedIn,
    renewToken,
  );
});

afterEach(() => void vi.useRealTimers());

test("is connected while a component watches, across a change of page", () => {
  const first = lobby.watch();
  first();
  const second = lobby.watch();
  vi.advanceTimersByTime(10_000);
  expect(sockets).toHaveLength(1);
  expect(lobby.store.getState().isLive).toBe(true);
  second();
  vi.advanceTimersByTime(10_000);
  expect(sockets[0]?.connected).toBe(false);
});

test("emits changes and keeps the list of people online", () => {
  const seen = vi.fn();
  lobby.changes.on(seen);
  lobby.watch();
  sockets[0]?.emit("room_added", { room: room() });
  sockets[0]?.emit("online", { count: 3, users: [] });
  expect(seen).toHaveBeenCalledTimes(1);
  expect(seen.mock.calls[0]?.[0]).toMatchObject({ name: "room_added", room: { id: "r1" } });
  expect(lobby.store.getState().count).toBe(3);
});

test("shows a lost connection and reconnects", () => {
  lobby.watch();
  sockets[0]?.drop();
  expect(lobby.store.getState().isLive).toBe(false);
  vi.advanceTimersByTime(10);
  expect(lobby.store.getState().isLive).toBe(true);
});

test("server_draining marks the lobby as not live", () => {
  const seen = vi.fn();
  lobby.changes.on(seen);
  lobby.watch();
  sockets[0]?.emit("server_draining", {});
  expect(lobby.store.getState().isLive).toBe(false);
  expect(seen).not.toHaveBeenCalled();
});

test("connects only when signed in", () => {
  signedIn = false;
  lobby.watch();
  expect(sockets).toHaveLength(0);
  signedIn = true;
  lobby.restart();
  expect(lobby.store.getState().isLive).toBe(true);
});

test("a refused token is renewed, other failures are only retried", () => {
  renewToken.mockClear();
  lobby.watch();
  const [socket] = sockets;
  if (!socket) throw new Error("no socket");
  socket.drop();
  socket.reachable = false;
  vi.advanceTimersByTime(1_000);
  expect(renewToken).not.toHaveBeenCalled();
  socket.refusal = refusal("token_expired").error;
  vi.advanceTimersByTime(5_000);
  expect(renewToken).toHaveBeenCalled();
});
