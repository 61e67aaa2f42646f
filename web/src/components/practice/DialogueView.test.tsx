import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type DialogueLine, EMPTY_DIALOGUE } from "../../core/dialogue";
import { tutor } from "../../test/builders";
import { renderUi } from "../../test/render";
import { DialogueView } from "./DialogueView";

vi.mock("../../hooks", () => ({ TUTOR: "tutor", useMessagePlayer: () => ({ status: "idle" }) }));

function line(turnId: string, text: string, more: Partial<DialogueLine> = {}): DialogueLine {
  return {
    key: turnId + (more.speaker ?? ""),
    turnId,
    speaker: "me",
    text,
    spoken: null,
    isOpen: false,
    confidence: "high",
    messageId: null,
    feedback: [],
    ...more,
  };
}

function show(...lines: DialogueLine[]) {
  const onMend = vi.fn();
  renderUi(<DialogueView dialogue={{ ...EMPTY_DIALOGUE, lines }} tutor={tutor()} onMend={onMend} />);
  return onMend;
}

const pencils = () => screen.queryAllByRole("button", { name: /^Correct what was heard/ });

beforeEach(() => {
  Element.prototype.scrollTo = vi.fn(); // jsdom has no layout
});

describe("words that were heard", () => {
  it("say in words that the recognizer was not sure, only of those", () => {
    show(line("t1", "I like mice", { confidence: "middle" }), line("t2", "And tea"));
    expect(screen.getAllByText("not sure")).toHaveLength(1);
  });

  it("can be mended by keyboard: one's last, and those in doubt", async () => {
    const onMend = show(
      line("t1", "I like mice", { confidence: "middle" }),
      line("t2", "I like ice"),
      line("t2", "Ice?", { speaker: "tutor" }),
      line("t3", "Yes ice"),
    );
    expect(pencils()).toHaveLength(2);
    pencils()[0]?.focus();
    await userEvent.keyboard("{Enter}");
    const field = screen.getByRole("textbox", { name: "What you said" });
    expect(document.activeElement).toBe(field);
    await userEvent.clear(field);
    await userEvent.keyboard("I like rice{Enter}");
    expect(onMend).toHaveBeenCalledExactlyOnceWith("t1", "I like rice");
    expect(document.activeElement).toBe(pencils()[0]);
  });

  it("stay as they are after Escape, and when nothing was changed", async () => {
    const onMend = show(line("t1", "I like mice"));
    for (const keys of ["x{Escape}", "{Enter}"]) {
      await userEvent.click(pencils()[0] as HTMLElement);
      await userEvent.keyboard(keys);
      expect(screen.queryByRole("textbox")).toBeNull();
    }
    expect(onMend).not.toHaveBeenCalled();
  });

  it("cannot be mended while they are still being spoken", () => {
    show(line("t1", "I li", { isOpen: true }));
    expect(pencils()).toHaveLength(0);
  });
});
