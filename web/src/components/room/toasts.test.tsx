import { renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { MicrophoneStatus } from "../../hooks";
import "../../i18n";
import { useMicrophoneToasts } from "./toasts";

const microphone = vi.hoisted(() => ({ status: "idle", error: "" }));
const notify = vi.hoisted(() => vi.fn());

vi.mock("../../hooks", () => ({ useMicrophone: () => microphone }));
vi.mock("../common/notify", () => ({ notify }));

function goThrough(first: MicrophoneStatus, ...next: MicrophoneStatus[]) {
  microphone.status = first;
  const { rerender } = renderHook(() => useMicrophoneToasts());
  for (const status of next) {
    microphone.status = status;
    rerender();
  }
}

beforeEach(() => {
  notify.mockReset();
  microphone.error = "";
});

it("explains a refused microphone in the room, each time", () => {
  goThrough("idle", "asking", "denied", "asking", "denied");
  expect(notify).toHaveBeenCalledTimes(2);
  expect(notify.mock.calls[0]?.[0]).toMatch(/allow the microphone/);
});

it("reports a lost microphone", () => {
  goThrough("ready", "error");
  expect(notify).toHaveBeenCalledOnce();
});

it("shows nothing to a listener who joined without one", () => {
  goThrough("denied", "denied");
  expect(notify).not.toHaveBeenCalled();
});

it("shows that a lost microphone has muted the person", () => {
  microphone.error = "ended";
  goThrough("ready", "error");
  expect(notify.mock.calls[0]?.[0]).toMatch(/you are muted/);
});
