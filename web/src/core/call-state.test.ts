import { expect, test } from "vitest";
import { refusal } from "../test/builders";
import { judgeRefusal, MAX_FIRST_ATTEMPTS } from "./call-state";

test.each(["room_full", "room_locked", "invite_invalid", "removed_from_room", "room_closed"] as const)(
  "%s ends the call with that reason, retryable or not",
  (code) => {
    const { error } = refusal(code, { retryable: true });
    expect(judgeRefusal(error, "joining", 1)).toEqual({ end: code });
    expect(judgeRefusal(error, "reconnecting", 1)).toEqual({ end: code });
  },
);

test("a room that does not exist after a reconnect has closed", () => {
  const { error } = refusal("room_not_found", { status: 404 });
  expect(judgeRefusal(error, "joining", 1)).toEqual({ end: "room_not_found" });
  expect(judgeRefusal(error, "reconnecting", 1)).toEqual({ end: "room_closed" });
});

test("retryable refusals are retried: a few times for a first join, without limit while reconnecting", () => {
  const { error } = refusal("unavailable", { retryable: true, retryAfter: 2 });
  expect(judgeRefusal(error, "joining", 1)).toEqual({ retryAfterMs: 2_000 });
  expect(judgeRefusal(error, "joining", MAX_FIRST_ATTEMPTS)).toEqual({ end: "error" });
  expect(judgeRefusal(error, "reconnecting", 1_000)).toEqual({ retryAfterMs: 2_000 });
});

test("a refusal that is not retryable ends the call", () => {
  expect(judgeRefusal(refusal("invalid_request").error, "reconnecting", 1)).toEqual({ end: "error" });
});
