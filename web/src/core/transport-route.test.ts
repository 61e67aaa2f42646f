import { beforeEach, expect, test } from "vitest";
import { TransportRoute } from "./transport-route";

let route: TransportRoute;

beforeEach(() => {
  sessionStorage.clear();
  route = new TransportRoute(sessionStorage);
});

const next = () => route.transports[0];

test("a WebSocket comes first", () => {
  expect(route.transports).toEqual(["websocket", "polling"]);
});

test("silence moves to the other transport, and back if that one is silent too", () => {
  route.silent("websocket");
  expect(route.transports).toEqual(["polling"]);
  route.silent("polling");
  expect(next()).toBe("websocket");
});

test("what worked after a silence is kept for the session", () => {
  route.silent("websocket");
  route.connected();
  expect(new TransportRoute(sessionStorage).transports).toEqual(["polling"]);
});

test("a silence alone is not kept: the server may have been away", () => {
  route.silent("websocket");
  expect(new TransportRoute(sessionStorage).transports[0]).toBe("websocket");
});

test("silence of two sockets at once moves once", () => {
  route.silent("websocket");
  route.silent("websocket");
  expect(next()).toBe("polling");
});

test("another network starts with a WebSocket again", () => {
  route.silent("websocket");
  route.connected();
  route.networkChanged();
  expect(next()).toBe("websocket");
  expect(new TransportRoute(sessionStorage).transports[0]).toBe("websocket");
});
