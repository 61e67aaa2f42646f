import { expect, test } from "vitest";
import { socketAddress } from "./socket";

test.each([
  ["", "https://rooms.example.org", "/socket.io/"],
  ["/n/n1", "https://rooms.example.org", "/n/n1/socket.io/"],
  ["https://n1.example.org", "https://n1.example.org", "/socket.io/"],
  ["http://127.0.0.1:8081", "http://127.0.0.1:8081", "/socket.io/"],
])("Socket.IO of %j is at %s%s", (base, uri, path) => {
  expect(socketAddress(base, "https://rooms.example.org")).toEqual({ uri, path });
});
