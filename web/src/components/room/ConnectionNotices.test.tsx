import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { CallHook } from "../../hooks";
import { renderUi } from "../../test/render";
import { ConnectionNotices } from "./ConnectionNotices";

const microphone = vi.hoisted(() => ({ status: "ready", input: "sound" }));

vi.mock("../../hooks", () => ({
  useIsOnline: () => true,
  useMicrophone: () => microphone,
  usePlayback: () => ({ blocked: false }),
}));

function show(input: string, isMuted = false) {
  microphone.input = input;
  renderUi(<ConnectionNotices call={{ phase: "joined", notice: null, isMuted } as CallHook} />);
  return screen
    .getAllByRole("status")
    .map(({ textContent }) => textContent)
    .join("");
}

it.each([
  ["silent", /^No sound comes from your microphone/],
  ["system_muted", /has muted the microphone/],
])("reports an open microphone that nobody hears: %s", (input, text) => {
  expect(show(input)).toMatch(text);
});

it.each([
  ["works", "sound", false],
  ["the person muted", "silent", true],
] as const)("says nothing of a microphone that %s", (_what, input, isMuted) => {
  expect(show(input, isMuted)).toBe("");
});
