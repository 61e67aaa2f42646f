import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type DialogueLine, EMPTY_DIALOGUE } from "../../core/dialogue";
import type { CallHook } from "../../hooks";
import { participant, tutor } from "../../test/builders";
import { renderUi } from "../../test/render";
import { Captions } from "./Captions";

const state = vi.hoisted(() => ({ captions: true, lines: [] as unknown[] }));

vi.mock("../../hooks", () => ({
  TUTOR: "tutor",
  useDialogue: () => ({ ...EMPTY_DIALOGUE, lines: state.lines }),
  useSettings: () => ({ captions: state.captions }),
}));

function line(key: string, speaker: string, text: string, spoken: string | null = null): DialogueLine {
  return {
    key,
    turnId: key,
    speaker,
    text,
    spoken,
    isOpen: false,
    confidence: null,
    messageId: null,
    feedback: [],
  };
}

function show(...lines: DialogueLine[]) {
  state.lines = lines;
  const call = { participants: [participant({ id: "p-ann", name: "Ann" })] } as unknown as CallHook;
  renderUi(<Captions call={call} tutor={tutor()} />);
}

const shown = () =>
  [...screen.getByRole("region", { name: "Captions" }).children].map(({ textContent }) => textContent);

beforeEach(() => {
  state.captions = true;
});

describe("captions", () => {
  it("are the last two lines, each with its speaker", () => {
    show(
      line("1", "p-ann", "Good morning."),
      line("2", "tutor", "Hello!"),
      line("3", "p-ann", "I like tea."),
    );
    expect(shown()).toEqual(["Emma: Hello!", "Ann: I like tea."]);
  });

  it("use a fallback name for a speaker who left", () => {
    show(line("1", "p-gone", "Bye."));
    expect(shown()).toEqual(["Somebody: Bye."]);
  });

  it("show only the spoken part of an interrupted answer", () => {
    show(line("1", "tutor", "I like fish and rice.", "I like fish"));
    expect(shown()).toEqual(["Emma: I like fish"]);
  });

  describe("over time", () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });
    const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

    it("end two seconds after the last word, and their place remains", () => {
      show(line("1", "tutor", "Hello!"));
      pass(1900);
      expect(shown()).toEqual(["Emma: Hello!"]);
      pass(200);
      expect(screen.queryByRole("region")).toBeNull();
      expect(document.querySelector("[aria-hidden=true]")).toBeTruthy();
    });

    it("of a long sentence stay until it can be read", () => {
      show(line("1", "p-ann", "a".repeat(100)));
      pass(5900);
      expect(shown()).toHaveLength(1);
      pass(200);
      expect(screen.queryByRole("region")).toBeNull();
    });

    it("stay while more words follow", () => {
      show({ ...line("1", "tutor", "Hello"), isOpen: true });
      pass(60_000);
      expect(shown()).toEqual(["Emma: Hello"]);
    });
  });

  it("are hidden when turned off", () => {
    state.captions = false;
    show(line("1", "tutor", "Hello!"));
    expect(screen.queryByRole("region")).toBeNull();
  });
});
