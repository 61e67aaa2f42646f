import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, problem } from "../../core/api-error";
import type { MemoryPage } from "../../protocol";
import { renderUi } from "../../test/render";
import { MemoryView } from "./MemoryView";

const page: MemoryPage = {
  remembers: true,
  memory: {
    language: "en",
    goals: ["An interview"],
    talks: [{ conversationId: "c1", at: "2030-01-01T10:00:00Z", topic: "Food", summary: "2 turns" }],
    words: [],
    mistakes: [],
  },
};
const change = vi.fn();
const noteTalk = vi.fn();
vi.mock("../../hooks", () => ({
  useSettings: () => ({ practiceLanguage: "en" }),
  useMemory: () => ({ data: page, error: null }),
  useMemoryActions: () => ({ change, noteTalk, forgetAll: vi.fn() }),
}));
const notify = vi.hoisted(() => vi.fn());
vi.mock("../common/notify", () => ({ notify }));

const refused = () => Promise.reject(new ApiError(problem("unavailable", 503, "Try again.", true)));

async function addGoal() {
  const field = screen.getByRole<HTMLInputElement>("textbox", { name: "What do you learn for?" });
  await userEvent.type(field, "A trip{Enter}");
  return field;
}

async function rewriteTalk() {
  await userEvent.click(screen.getByRole("button", { name: /^Change what Emma/ }));
  const field = screen.getByRole<HTMLInputElement>("textbox", { name: "What Emma remembers of this talk" });
  await userEvent.clear(field);
  await userEvent.type(field, "My trip{Enter}");
}

beforeEach(() => {
  for (const mock of [change, noteTalk, notify]) mock.mockReset().mockResolvedValue(undefined);
  renderUi(<MemoryView />);
});

describe("what was typed", () => {
  it("goes from its field once it is stored", async () => {
    expect((await addGoal()).value).toBe("");
    expect(change).toHaveBeenCalledWith({ goals: ["An interview", "A trip"] });
    await rewriteTalk();
    expect(noteTalk).toHaveBeenCalledWith("c1", "My trip");
    expect(screen.queryByDisplayValue("My trip")).toBeNull();
  });

  it("stays if it was not stored", async () => {
    change.mockImplementation(refused);
    noteTalk.mockImplementation(refused);
    expect((await addGoal()).value).toBe("A trip");
    await rewriteTalk();
    expect(screen.getByDisplayValue("My trip")).toBeTruthy();
    expect(notify).toHaveBeenCalledTimes(2);
  });
});
