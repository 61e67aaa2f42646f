import { fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { NO_TALK, viewOfTalk } from "../../core/talk-state";
import type { TalkHook } from "../../hooks";
import type { Tutor } from "../../protocol";
import { renderUi } from "../../test/render";
import { exchange } from "./TalkCaptions";
import { TalkLive } from "./TalkLive";

const settings = vi.hoisted(() => ({ captions: true, shortcutsEnabled: true, setCaptions: vi.fn() }));

vi.mock("../../hooks", async () => ({
  ...(await import("../../hooks/core")),
  useSettings: () => settings,
  useWakeLock: () => {},
  useRoomEvents: () => {},
  useMicrophone: () => ({ input: "sound" }),
  usePlayback: () => ({ blocked: false }),
  useSend: () => vi.fn(),
  useSession: () => ({ user: null }),
  useIsRecognizing: () => false,
  useVoiceLevel: () => {},
  useMessagePlayer: () => ({}),
  useCall: () => ({ me: null }),
}));

const TUTOR = {
  status: "ready",
  state: "idle",
  name: "Emma",
  language: "en",
  level: "B1",
  topic: "Food and cooking",
  engines: null,
} as unknown as Tutor;

function line(speaker: string, turnId: string, text: string) {
  const rest = { isOpen: false, confidence: null, spoken: null, messageId: null, feedback: [] };
  return { key: `${speaker}/${turnId}`, turnId, speaker, text, ...rest };
}

const DIALOGUE = { lines: [line("p1", "1", "I like tea."), line("tutor", "1", "So do I.")], praise: null };

function talk(change: Partial<TalkHook> = {}): TalkHook {
  return {
    ...viewOfTalk(NO_TALK),
    stage: "media",
    stance: "listening",
    isMuted: false,
    tutor: TUTOR,
    dialogue: DIALOGUE,
    kept: null,
    microphone: "ready",
    isHeld: false,
    start: vi.fn(),
    resume: vi.fn(),
    setMuted: vi.fn(),
    toggleMuted: vi.fn(),
    say: vi.fn(async () => true),
    retry: vi.fn(),
    end: vi.fn(),
    discard: vi.fn(),
    levelOf: () => 0,
    ...change,
  };
}

beforeEach(() => void Object.assign(settings, { captions: true, shortcutsEnabled: true }));

it("says in words what the orb shows, politely", () => {
  renderUi(<TalkLive talk={talk({ stance: "speaking" })} />);
  const state = screen.getByTestId("talk-stance");
  expect(state.textContent).toBe("Emma is speaking");
  expect(state.getAttribute("role")).toBe("status");
});

it("shows captions of the exchange that goes on, unless they are off", () => {
  const { unmount } = renderUi(<TalkLive talk={talk()} />);
  expect(screen.getByText("So do I.")).toBeTruthy();
  unmount();
  settings.captions = false;
  renderUi(<TalkLive talk={talk()} />);
  expect(screen.queryByText("So do I.")).toBeNull();
});

it("ends with Escape, but not while a dialog has the key, nor with shortcuts turned off", async () => {
  const one = talk();
  const { unmount } = renderUi(<TalkLive talk={one} />);
  await userEvent.click(screen.getByRole("button", { name: "Transcript" }));
  await screen.findByRole("dialog");
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect(one.end).not.toHaveBeenCalled();
  unmount();
  const next = renderUi(<TalkLive talk={one} />);
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect(one.end).toHaveBeenCalledOnce();
  next.unmount();
  settings.shortcutsEnabled = false;
  renderUi(<TalkLive talk={one} />);
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect(one.end).toHaveBeenCalledOnce();
});

it("closes the microphone and lets type where no engine hears the language", async () => {
  const one = talk({ stance: "deaf" });
  renderUi(<TalkLive talk={one} />);
  expect(one.setMuted).toHaveBeenCalledWith(true);
  expect(screen.queryByRole("button", { name: "Mute" })).toBeNull();
  await userEvent.type(screen.getByRole("textbox"), "Hello.{Enter}");
  expect(one.say).toHaveBeenCalledWith("Hello.");
});

it("says that the talk went over to a web connection, until that is read", async () => {
  renderUi(<TalkLive talk={talk({ stage: "socket", hasSwitched: true })} />);
  expect(screen.getByText(/no direct sound/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByText(/no direct sound/)).toBeNull();
});

it("does not say that nothing is lost while the connection is", () => {
  renderUi(<TalkLive talk={talk({ stage: "socket", hasSwitched: true, stance: "reconnecting" })} />);
  expect(screen.getByText(/connection was lost/)).toBeTruthy();
  expect(screen.queryByText(/no direct sound/)).toBeNull();
});

it("does not show the answer to words of before as the answer to these", () => {
  const lines = [...DIALOGUE.lines, line("p1", "2", "And coffee.")];
  expect(exchange(lines)).toMatchObject({ mine: { text: "And coffee." } });
  expect(exchange(lines).answer).toBeUndefined();
  expect(exchange(lines.slice(1, 2))).toEqual({ answer: DIALOGUE.lines[1] });
});
