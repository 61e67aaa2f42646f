import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Tutor } from "../../protocol";
import { tutor } from "../../test/builders";
import { renderUi } from "../../test/render";
import { PrivacyNote, PrivacySummary } from "./Privacy";

const state = vi.hoisted(() => ({ isRecognizing: false, keepMyAudio: false }));

vi.mock("../../hooks", () => ({
  useIsRecognizing: () => state.isRecognizing,
  useSession: () => ({ user: { keepMyAudio: state.keepMyAudio } }),
}));

const CLOUD: Tutor["engines"] = {
  stt: { name: "Flux", vendor: "Deepgram", isCloud: true },
  llm: { name: "gpt-6-luna", vendor: "OpenAI", isCloud: true },
  tts: { name: "Aura-2", vendor: "Deepgram", isCloud: true },
};

const line = (change: Partial<Tutor> = {}) =>
  renderUi(<PrivacySummary tutor={tutor(change)} lead="Emma listens." />).container.querySelector("p")
    ?.textContent;

beforeEach(() => {
  state.isRecognizing = false;
  state.keepMyAudio = false;
});

describe("the privacy line", () => {
  it("states who listens, where data goes, who answers and what is saved", () => {
    expect(line()).toBe(
      "Emma listens. What Emma hears and says stays on this server. Answered by scripted tutor. " +
        "Saved: texts, corrections and the tutor's voice, not yours.",
    );
  });

  it("names each vendor once", () => {
    expect(line({ engines: CLOUD })).toContain("goes to Deepgram and OpenAI. Answered by gpt-6-luna.");
  });

  it("states that the voice is saved with consent", () => {
    state.keepMyAudio = true;
    expect(line()).toContain("Saved: texts, corrections, the tutor's voice and yours.");
  });

  it("mentions the browser's own recognition", () => {
    state.isRecognizing = true;
    expect(line()).toContain("Your browser may send what you say to its maker; nothing else leaves");
    expect(line({ engines: CLOUD })).toContain("Your browser may send what you say to its maker.");
  });

  it("names no vendors before the tutor has joined", () => {
    const said = line({ engines: null });
    expect(said).toContain("The services that receive your voice are shown when Emma joins.");
    expect(said).not.toContain("Answered by");
  });
});

describe("the privacy note", () => {
  it("states in full what is saved and who sees it", () => {
    const { container } = renderUi(<PrivacyNote tutor={tutor({ engines: CLOUD })} />);
    expect(container.textContent).toContain("Emma, an AI tutor, listens while it is here.");
    expect(container.textContent).toContain("What Emma hears and says goes to Deepgram and OpenAI.");
    expect(container.textContent).toContain("visible only to you");
    expect(container.textContent).toContain("Your own voice is saved only if you allow it.");
  });
});
