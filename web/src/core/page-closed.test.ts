import { expect, test, vi } from "vitest";
import { sendPageClosed } from "./page-closed";

test("the beacon is JSON, so that every browser sends it with its origin", async () => {
  const sendBeacon = vi.fn((_url: string, _body: Blob) => true);
  Object.defineProperty(navigator, "sendBeacon", { value: sendBeacon, configurable: true });
  sendPageClosed("r1", "resume-token-0001");
  const [url, body] = sendBeacon.mock.calls[0] ?? [];
  expect(url).toBe("/api/rooms/r1/page-closed");
  expect(body?.type).toBe("application/json");
  const text = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsText(body as Blob);
  });
  expect(JSON.parse(String(text))).toEqual({ resumeToken: "resume-token-0001" });
});
