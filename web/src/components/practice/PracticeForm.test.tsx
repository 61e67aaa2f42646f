import { act, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Locale } from "../../core/settings";
import { speak } from "../../i18n";
import { renderUi } from "../../test/render";
import { PracticeForm } from "./PracticeForm";

const offer = vi.hoisted(() => ({ languages: null as string[] | null }));

const settings = vi.hoisted(() => ({
  practiceLanguage: null as string | null,
  setPracticeLanguage: vi.fn(),
}));
vi.mock("../../hooks", () => ({
  useTutorOffer: () => offer.languages,
  useSession: () => ({ user: null }),
  useMicrophone: () => ({ start: vi.fn(), stop: vi.fn() }),
  useCreateRoom: () => ({ create: vi.fn() }),
  useLevels: () => ({ levels: [] }),
  useSettings: () => settings,
}));

function show(languages: string[] | null) {
  offer.languages = languages;
  renderUi(<PracticeForm level="A2" />);
}

const note = () => screen.getByRole("status").textContent;
const start = () => screen.getByRole<HTMLButtonElement>("button", { name: /Start talking|Bắt đầu/ });

beforeEach(() => {
  offer.languages = null;
});

const rolePlays = () => screen.queryAllByRole("radio", { name: /Role play/ });

describe("role plays", () => {
  it.each([
    [null, "vi", true],
    [["en", "vi"], "en", true],
    [["en", "vi"], "vi", false],
  ] as const)("are offered only where the tutor has them (%s, %s)", (languages, language, isOffered) => {
    settings.practiceLanguage = language;
    show(languages as string[] | null);
    expect(rolePlays().length > 0).toBe(isOffered);
    settings.practiceLanguage = null;
  });
});

describe("a language to practise", () => {
  it.each([[null], [["en", "vi"]]])("that is supported shows no note (%s)", (languages) => {
    show(languages);
    expect(note()).toBe("");
    expect(start().disabled).toBe(false);
  });

  it.each([
    ["en", "speaks only Vietnamese and German, not English"],
    ["vi", "chỉ nói được tiếng Việt và tiếng Đức, chưa nói được tiếng Anh"],
  ])(
    "that is not supported shows a note before starting, in the page's language (%s)",
    async (locale, words) => {
      show(["vi", "de"]);
      await act(() => speak(locale as Locale));
      expect(note()).toContain(words);
      expect(start().disabled).toBe(true);
    },
  );
});
