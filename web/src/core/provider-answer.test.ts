import { beforeEach, expect, it } from "vitest";
import { newBinding, takeAnswer } from "./provider-answer";

beforeEach(() => sessionStorage.clear());

it("accepts an answer once, in the tab that asked", () => {
  const binding = newBinding(sessionStorage);
  expect(binding).toMatch(/^[0-9a-f]{48}$/);
  expect(takeAnswer("?state=s", sessionStorage)).toBeNull();
  expect(takeAnswer("?code=c&state=s&iss=x", sessionStorage)).toEqual({ code: "c", state: "s", binding });
  expect(takeAnswer("?code=c&state=s", sessionStorage)).toBeNull();
});

it("ignores an answer that this tab has not asked for", () => {
  expect(takeAnswer("?code=c&state=s", sessionStorage)).toBeNull();
});
