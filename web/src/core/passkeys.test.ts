import { expect, it } from "vitest";
import { passkeyProblem } from "./passkeys";

const PAGE = { hostname: "parlor.example", isSecure: true, isSupported: true };

it.each([
  ["parlor.example", PAGE, null],
  [null, PAGE, "insecure"],
  ["localhost", { ...PAGE, hostname: "127.0.0.1" }, "other_host"],
  ["parlor.example", { ...PAGE, isSecure: false, isSupported: false }, "insecure"],
  ["parlor.example", { ...PAGE, isSupported: false }, "unsupported"],
] as const)("for pages of %s, seen at %o: %s", (host, page, problem) => {
  expect(passkeyProblem(host, page)).toBe(problem);
});
