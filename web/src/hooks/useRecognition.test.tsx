import { renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { useRecognition } from "./useRecognition";

const recognition = vi.hoisted(() => ({ start: vi.fn(), stop: vi.fn(), choose: vi.fn() }));

vi.mock("../core/parlor", async () => {
  const { createStore } = await import("zustand/vanilla");
  return {
    parlor: {
      recognition: {
        ...recognition,
        isSupported: true,
        store: createStore(() => ({ status: "listening", isChosen: true })),
      },
      call: {
        store: createStore(() => ({ phase: "joined", isMuted: false })),
        send: vi.fn(),
      },
    },
  };
});

beforeEach(() => {
  for (const spy of Object.values(recognition)) spy.mockReset();
});

it("recognizes nothing without voice consent, and continues when it is given", () => {
  const { rerender } = renderHook(({ heard }) => useRecognition("en", heard), {
    initialProps: { heard: false },
  });
  expect(recognition.start).not.toHaveBeenCalled();
  rerender({ heard: true });
  expect(recognition.start).toHaveBeenCalledExactlyOnceWith("en");
  rerender({ heard: false });
  expect(recognition.stop).toHaveBeenCalledOnce();
});
