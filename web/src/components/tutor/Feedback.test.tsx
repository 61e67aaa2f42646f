import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { type DialogueLine, EMPTY_DIALOGUE } from "../../core/dialogue";
import type { Locale } from "../../core/settings";
import { speak } from "../../i18n";
import type { FeedbackItem } from "../../protocol";
import { renderUi } from "../../test/render";
import { FeedbackAnnouncer, FeedbackPanel } from "./Feedback";

const me = { isMuted: true };
const hear = vi.hoisted(() => vi.fn());
vi.mock("../../hooks", async () => ({
  ...(await import("../../core/word-diff")),
  useCall: () => ({ me }),
  canSpeak: () => true,
  stopSpeaking: () => {},
  speak: hear,
}));

function correction(id: string, before: string, after: string): FeedbackItem {
  return {
    id,
    turnId: id,
    originalSentence: before,
    correctedSentence: after,
    explanation: `why ${id}`,
    category: "tense",
    hint: null,
  };
}

function line(key: string, feedback: FeedbackItem[]): DialogueLine {
  return {
    key,
    turnId: key,
    speaker: "p-me",
    text: "",
    isOpen: false,
    confidence: null,
    spoken: null,
    messageId: null,
    feedback,
  };
}

const dialogue = {
  ...EMPTY_DIALOGUE,
  lines: [
    line("1", [correction("f1", "I go home yesterday", "I went home yesterday")]),
    line("2", [correction("f2", "He don't know", "He doesn't know")]),
  ],
};

describe("an explanation", () => {
  it.each([
    ["Động từ phải ở quá khứ.", "vi"],
    ["Use the past.", "en"],
  ])("is marked with its own language: %s", (explanation, language) => {
    const item = { ...correction("a", "I goed", "I went"), explanation };
    renderUi(
      <FeedbackPanel
        dialogue={{ ...EMPTY_DIALOGUE, lines: [line("1", [item])] }}
        language="en"
        onAsk={vi.fn()}
      />,
    );
    expect(screen.getByText(explanation).lang).toBe(language);
  });
});

describe("hearing a correction during a talk", () => {
  const shown = { ...EMPTY_DIALOGUE, lines: [line("1", [correction("a", "I goed", "I went")])] };

  it("speaks the right sentence", async () => {
    renderUi(<FeedbackPanel dialogue={shown} language="en" onAsk={vi.fn()} />);
    await userEvent.click(screen.getByRole("button", { name: "Hear it" }));
    expect(hear).toHaveBeenCalledWith("I went", "en");
  });

  it("is not offered while the microphone is open, which would hear it", () => {
    me.isMuted = false;
    renderUi(<FeedbackPanel dialogue={shown} language="en" onAsk={vi.fn()} />);
    expect(screen.queryByRole("button", { name: "Hear it" })).toBeNull();
    me.isMuted = true;
  });
});

describe("corrections", () => {
  it("are newest first, with marked changes and full sentences for screen readers", () => {
    renderUi(<FeedbackPanel dialogue={dialogue} language="en" onAsk={vi.fn()} />);
    const [newest, older] = screen.getAllByRole("article");
    expect(within(newest as HTMLElement).getByText("why f2")).toBeTruthy();
    const marked = older as HTMLElement;
    expect(marked.querySelector("del")?.textContent).toBe("go");
    expect(marked.querySelector("ins")?.textContent).toBe("went");
    expect(within(marked).getByText(/You said: I go home yesterday Better: I went home/)).toBeTruthy();
  });

  it("are hidden while the tutor asks to try again, until the learner wants to see them", async () => {
    const item = {
      ...correction("f1", "I go home yesterday", "I went home yesterday"),
      hint: "the past of go",
    };
    const asked = { ...EMPTY_DIALOGUE, lines: [line("1", [item])] };
    const { container } = renderUi(
      <>
        <FeedbackAnnouncer dialogue={asked} />
        <FeedbackPanel dialogue={asked} language="en" onAsk={vi.fn()} />
      </>,
    );
    expect(container.textContent).not.toContain("went");
    expect(screen.getByRole("log").textContent).toBe("Try again: the past of go");
    await userEvent.click(screen.getByRole("button", { name: "Show answer" }));
    expect(screen.getByText(/Better: I went home yesterday/)).toBeTruthy();
    expect(screen.getByText("why f1")).toBeTruthy();
    expect(document.activeElement?.textContent).toContain("Better: I went home yesterday");
  });

  it("are announced politely", () => {
    renderUi(<FeedbackAnnouncer dialogue={dialogue} />);
    expect(screen.getByRole("log").textContent).toBe("Correction: He doesn't know");
  });

  it("show the tutor's words if no mistake was found", () => {
    const praised = {
      ...EMPTY_DIALOGUE,
      praise: { key: 1, text: "That was right.", reason: "right" as const },
    };
    renderUi(<FeedbackPanel dialogue={praised} language="en" onAsk={vi.fn()} />);
    expect(screen.getByRole("status").textContent).toBe("That was right.");
  });

  it.each([
    ["en", "German cannot be checked on this server", "could not be checked right now"],
    ["vi", "Máy chủ này chưa kiểm tra được tiếng Đức", "Vừa rồi chưa kiểm tra được"],
  ])("say in the page's language where nothing was checked (%s)", async (locale, cannot, notNow) => {
    for (const [reason, words] of [
      ["cannot_check", cannot],
      ["not_now", notNow],
    ] as const) {
      const none = { ...EMPTY_DIALOGUE, praise: { key: 1, text: "In the tutor's words.", reason } };
      const { unmount } = renderUi(<FeedbackPanel dialogue={none} language="de" onAsk={vi.fn()} />);
      await act(() => speak(locale as Locale));
      expect(screen.getByRole("status").textContent?.toLowerCase()).toContain(words.toLowerCase());
      unmount();
    }
  });
});
