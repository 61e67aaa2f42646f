import { expect, it } from "vitest";
import { voiceConversationId } from "./voice-session-id";

it("the stored conversation has the id that the server makes", async () => {
  expect(await voiceConversationId("coach", "ann", "one-two")).toBe("v73e35289b4f5bf3bfb0929f4f55b973");
});
