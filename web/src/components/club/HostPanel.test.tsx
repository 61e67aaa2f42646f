import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ME, myself, person, room } from "../../dev/people";
import type { CallHook, ShownClub } from "../../hooks";
import { speakOf } from "../../i18n";
import type { Room } from "../../protocol";
import { renderUi } from "../../test/render";
import { HostPanel } from "./HostPanel";

vi.mock("../../hooks", async () => ({
  ...(await import("../../core/club")),
  ...(await import("../../core/room-state")),
  ...(await import("../../core/api-error")),
}));

const send = vi.fn();
const request = vi.fn();

function show(club: Partial<ShownClub> = {}, call: Partial<CallHook> = {}, change: Partial<Room> = {}) {
  const whole = { topics: [], topicIndex: null, turns: null, ...club };
  const participants = [myself(), person(0), person(1, { handRaised: true, handRaisedAt: "2026" })];
  const hook = { club: whole, participants, isHost: true, isLeading: true, send, request, ...call };
  const shown = room("r1", { hostId: ME.id, ...change });
  renderUi(<HostPanel call={hook as unknown as CallHook} room={shown} />);
}

const section = (name: string) => within(screen.getByRole("region", { name }));

beforeAll(() => speakOf("club"));
beforeEach(() => {
  send.mockReset();
  request.mockReset();
});

describe("topics", () => {
  it("are written one on each line", async () => {
    request.mockResolvedValue({ ok: true });
    show();
    const field = section("Topics").getByRole("textbox", { name: "One topic on each line" });
    await userEvent.type(field, " Food {Enter}{Enter}Travel by train");
    await userEvent.click(screen.getByRole("button", { name: "Save the list" }));
    expect(request).toHaveBeenCalledExactlyOnceWith("set_topics", { topics: ["Food", "Travel by train"] });
  });

  it.each([
    ["too many", Array.from({ length: 21 }, () => "x").join("\n"), "At most 20 topics."],
    ["one too long", `Food\n${"y".repeat(141)}`, /A topic has at most 140 characters: “y{30}…”/],
  ])("are refused if there are %s", async (_what, text, problem) => {
    show();
    const field = screen.getByRole("textbox", { name: "One topic on each line" });
    await userEvent.click(field);
    await userEvent.paste(text);
    await userEvent.click(screen.getByRole("button", { name: "Save the list" }));
    expect(screen.getByText(problem)).toBeTruthy();
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(request).not.toHaveBeenCalled();
  });

  it("are chosen, followed, hidden and edited", async () => {
    show({ topics: ["Food", "Travel"], topicIndex: 0 });
    const { getByRole } = section("Topics");
    expect(getByRole("button", { name: "1. Food", pressed: true })).toBeTruthy();
    await userEvent.click(getByRole("button", { name: "2. Travel", pressed: false }));
    await userEvent.click(getByRole("button", { name: "Next topic" }));
    await userEvent.click(getByRole("button", { name: "Show none" }));
    expect(send.mock.calls).toEqual([
      ["show_topic", { index: 1 }],
      ["show_topic", { index: 1 }],
      ["show_topic", { index: null }],
    ]);
    await userEvent.click(getByRole("button", { name: "Edit the list" }));
    expect((getByRole("textbox") as HTMLTextAreaElement).value).toBe("Food\nTravel");
    await userEvent.click(getByRole("button", { name: "Cancel" }));
    expect(getByRole("button", { name: "1. Food" })).toBeTruthy();
  });
});

describe("turns", () => {
  it("start with an order and minutes", async () => {
    show();
    const { getByRole } = section("Turns to speak");
    await userEvent.click(getByRole("radio", { name: "Raised hands, in order" }));
    const minutes = getByRole("textbox", { name: "Minutes a turn" });
    await userEvent.clear(minutes);
    expect(getByRole("button", { name: "Start" }).hasAttribute("disabled")).toBe(true);
    await userEvent.type(minutes, "1.5");
    await userEvent.click(getByRole("button", { name: "Start" }));
    expect(send).toHaveBeenCalledExactlyOnceWith("start_turns", { order: "hands", seconds: 90 });
  });

  it("go on and end", async () => {
    show({ turns: { order: "round", seconds: 60, number: 4, participantId: "p-0", endsAt: 0 } });
    const { getByRole, queryByRole } = section("Turns to speak");
    expect(queryByRole("button", { name: "Start" })).toBeNull();
    await userEvent.click(getByRole("button", { name: "Next turn" }));
    await userEvent.click(getByRole("button", { name: "End the turns" }));
    expect(send.mock.calls).toEqual([
      ["next_turn", { number: 4 }],
      ["stop_turns", {}],
    ]);
  });
});

it("has hands, the door, the chat and co-hosts for the host", async () => {
  show({}, {}, { isLocked: true });
  expect(section("Raised hands").getByRole("button", { name: /^Invite to speak: / })).toBeTruthy();
  const door = section("Door");
  expect(door.getByRole("switch", { name: "Lock the room for new people" }).hasAttribute("checked")).toBe(
    true,
  );
  await userEvent.click(door.getByRole("switch", { name: "Lock the room for new people" }));
  await userEvent.click(door.getByRole("switch", { name: "New people knock, and you let them in" }));
  await userEvent.click(section("Chat").getByRole("switch", { name: "Links in the chat can be opened" }));
  const cohosts = section("Co-hosts").getAllByRole("switch");
  expect(cohosts).toHaveLength(2);
  await userEvent.click(section("Co-hosts").getByRole("switch", { name: person(0).name }));
  expect(send.mock.calls).toEqual([
    ["set_locked", { locked: false }],
    ["set_knock", { knockToEnter: true }],
    ["edit_room", { linksAllowed: true }],
    ["set_cohost", { participantId: person(0).id, cohost: true }],
  ]);
});

it("shows a co-host only what they may do", () => {
  show({}, { isHost: false });
  expect(screen.queryByRole("region", { name: "Door" })).toBeNull();
  expect(screen.queryByRole("region", { name: "Co-hosts" })).toBeNull();
  expect(section("Chat").getAllByRole("switch")).toHaveLength(1);
  expect(section("Topics").getByRole("textbox")).toBeTruthy();
});
