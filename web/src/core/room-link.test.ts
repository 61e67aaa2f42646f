import { expect, test } from "vitest";
import { linkPart } from "./room-link";

const INVITE = "-9fJ2xQ7Lw0aYc4Tn_";

test.each(["?.", "?)", "?>", "? ", "?\u200b", '"?"', "‘?’", "<?>", "?),", "\u2060?", "?\n", "?…", "«?»"])(
  "an invite is taken from %j",
  (around) => expect(linkPart(around.replace("?", INVITE))).toBe(INVITE),
);

test("a text without an id stays as it is", () => {
  expect(linkPart("…")).toBe("…");
  expect(linkPart("")).toBe("");
});
