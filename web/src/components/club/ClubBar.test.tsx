import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { myself, person } from "../../dev/people";
import type { CallHook, ShownClub } from "../../hooks";
import { speakOf } from "../../i18n";
import { renderUi } from "../../test/render";
import { ClubBar } from "./ClubBar";

const sound = vi.hoisted(() => vi.fn());
vi.mock("../../hooks", async () => ({ ...(await import("../../core/club")), useTurnSound: sound }));

const send = vi.fn();
const me = myself();
const TOPICS = ["Food", "Travel", "Work"];

function show(club: Partial<ShownClub>, call: Partial<CallHook> = {}) {
  const whole = { topics: TOPICS, topicIndex: null, turns: null, ...club };
  const hook = { club: whole, participants: [me, person(0)], isMuted: true, send, ...call };
  renderUi(<ClubBar call={hook as unknown as CallHook} me={me} />);
}

function turn(participantId: string | null, leftS: number) {
  return {
    order: "round" as const,
    seconds: 60,
    number: 7,
    participantId,
    endsAt: performance.now() + leftS * 1_000,
  };
}

beforeAll(() => speakOf("club"));
beforeEach(() => send.mockReset());
afterEach(() => vi.useRealTimers());

describe("the topic", () => {
  it("is shown to everyone and announced, and only those who lead go on", () => {
    show({ topicIndex: 0 });
    expect(screen.getByText("Food")).toBeTruthy();
    expect(screen.getByText("Topic: Food").getAttribute("role")).toBe("status");
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("is followed by the next one with a click, and by none after the last", async () => {
    show({ topicIndex: 1 }, { isLeading: true });
    await userEvent.click(screen.getByRole("button", { name: "Next topic" }));
    expect(send).toHaveBeenCalledExactlyOnceWith("show_topic", { index: 2 });
  });

  it("has none after the last", () => {
    show({ topicIndex: 2 }, { isLeading: true });
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("a turn", () => {
  it("says whose it is and how long still, and announces no seconds", () => {
    show({ turns: turn(person(0).id, 59.5) });
    expect(screen.getByText(`${person(0).name}’s turn`)).toBeTruthy();
    expect(screen.getByRole("timer").textContent).toBe("1:00 left");
    expect(screen.getByText(`${person(0).name}’s turn.`).getAttribute("role")).toBe("status");
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("of one's own asks to unmute, and can be ended", async () => {
    show({ turns: turn(me.id, 30) });
    expect(screen.getAllByText("Your turn. Unmute to speak.")[0]).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "I’m done" }));
    expect(send).toHaveBeenCalledExactlyOnceWith("next_turn", { number: 7 });
  });

  it("shows the end of its time, and goes on", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    show({ turns: turn(person(0).id, 2) }, { isLeading: true });
    expect(screen.getByRole("timer").textContent).toBe("0:02 left");
    act(() => vi.advanceTimersByTime(5_000));
    expect(screen.getByRole("timer").textContent).toBe("Time is up, 0:03 over");
    expect(screen.getByText("Time is up.").getAttribute("role")).toBe("status");
    expect(sound).toHaveBeenLastCalledWith(7, true);
    expect(screen.getByRole("button", { name: "Next turn" }).hasAttribute("disabled")).toBe(false);
    expect(send).not.toHaveBeenCalled();
  });

  it("that nobody has waits for a hand, without a clock", async () => {
    show({ turns: turn(null, -20) });
    await waitFor(() => expect(screen.getAllByText("Raise your hand to have the next turn")).toHaveLength(2));
    expect(screen.queryByRole("timer")).toBeNull();
    expect(sound).toHaveBeenLastCalledWith(7, false);
  });

  it("cannot be ended while the server is out of reach", () => {
    show({ turns: turn(person(0).id, 10) }, { isLeading: true, isStale: true });
    expect(screen.getByRole("button", { name: "Next turn" }).hasAttribute("disabled")).toBe(true);
  });
});
