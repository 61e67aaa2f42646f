import { describe, expect, it } from "vitest";
import { chatLine } from "../test/builders";
import { chatParts, NO_CHAT, opened, withLines } from "./chat";

const line = (second: number, userId = "u-ana") =>
  chatLine({ id: `l${second}`, userId, at: `2026-11-20T10:00:${10 + second}.000Z` });

describe("what is unread", () => {
  it("is nothing of what was written before the join", () => {
    expect(withLines(NO_CHAT, [line(1), line(2)], "u-me").unread).toBe(0);
  });

  it("counts the others' lines that came since, also over a lost connection", () => {
    const joined = withLines(NO_CHAT, [line(1)], "u-me");
    const one = withLines(joined, [line(1), line(2)], "u-me");
    expect(one.unread).toBe(1);
    expect(withLines(one, [line(1), line(2), line(3), line(4, "u-me"), line(5)], "u-me").unread).toBe(3);
    expect(withLines(one, [line(1), line(2)], "u-me").unread).toBe(1);
  });

  it("begins with the first line of an empty room", () => {
    const joined = withLines(NO_CHAT, [], "u-me");
    expect(withLines(joined, [line(1)], "u-me").unread).toBe(1);
  });

  it("is nothing while the chat is open, and after it was", () => {
    const open = opened(withLines(NO_CHAT, [], "u-me"), true);
    const read = withLines(open, [line(1)], "u-me");
    expect(read.unread).toBe(0);
    expect(withLines(opened(read, false), [line(1), line(2)], "u-me").unread).toBe(1);
  });

  it("does not count what was deleted", () => {
    const two = withLines(withLines(NO_CHAT, [], "u-me"), [line(1), line(2)], "u-me");
    expect(withLines(two, [line(2)], "u-me").unread).toBe(1);
  });
});

describe("links", () => {
  it.each([
    ["see https://example.org/a?b=1.", ["see ", "[https://example.org/a?b=1]", "."]],
    ["(http://example.org)", ["(", "[http://example.org]", ")"]],
    ["https://a.example https://b.example", ["[https://a.example]", " ", "[https://b.example]"]],
    ["no link: example.org, javascript:alert(1)", ["no link: example.org, javascript:alert(1)"]],
    ["https://bank.example@evil.example/", ["https://bank.example@evil.example/"]],
    ["https://localhost/x", ["https://localhost/x"]],
    ["https://", ["https://"]],
  ])("of %s", (text, expected) => {
    expect(chatParts(text).map((part) => (part.url ? `[${part.text}]` : part.text))).toEqual(expected);
    expect(
      chatParts(text)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });
});
