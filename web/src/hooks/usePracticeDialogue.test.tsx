import { renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { CallPhase } from "../core/call-state";
import { useCreateRoom } from "./useCreateRoom";
import { usePracticeDialogue } from "./usePracticeDialogue";

const api = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn() }));

vi.mock("../core/parlor", async () => {
  const { createStore } = await import("zustand/vanilla");
  const { EMPTY_DIALOGUE } = await import("../core/dialogue");
  return {
    parlor: {
      api,
      session: { ended: { on: vi.fn() }, store: createStore(() => ({})) },
      call: { dialogue: createStore(() => EMPTY_DIALOGUE), store: createStore(() => ({})) },
    },
  };
});

beforeEach(() => {
  api.get.mockReset().mockResolvedValue({ messages: [], feedback: [] });
  api.post.mockReset();
});

function practise(conversationId: string) {
  const initialProps: { phase: CallPhase } = { phase: "joined" };
  return renderHook(
    ({ phase }) => usePracticeDialogue({ conversationId, meId: "p-1", phase, keepsAudio: false }),
    { initialProps },
  );
}

it("fetches a conversation that began before this page", async () => {
  practise("c-old");
  await waitFor(() => expect(api.get).toHaveBeenCalledOnce());
});

it("asks for one that this page begins only after a lost connection: before its first words there is none", async () => {
  api.post.mockResolvedValue({ tutor: { conversationId: "c-new" } });
  const { result } = renderHook(() => useCreateRoom());
  await result.current.create({} as Parameters<typeof result.current.create>[0]);
  const { rerender } = practise("c-new");
  rerender({ phase: "joined" });
  expect(api.get).not.toHaveBeenCalled();
  rerender({ phase: "reconnecting" });
  rerender({ phase: "joined" });
  await waitFor(() => expect(api.get).toHaveBeenCalledOnce());
});
