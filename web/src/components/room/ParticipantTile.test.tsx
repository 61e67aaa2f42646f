import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { person } from "../../dev/people";
import type { CallHook } from "../../hooks";
import type { Participant } from "../../protocol";
import { renderUi } from "../../test/render";
import { ParticipantTile } from "./ParticipantTile";

vi.mock("../../hooks", async () => ({
  ...(await import("../../core/room-state")),
  useSpeakingLevel: () => {},
  usePlayback: () => ({ volumeOf: () => 1, setVolume: vi.fn() }),
  usePeopleActions: () => ({ block: vi.fn(), unblock: vi.fn() }),
}));

const call = { participants: [], reactions: {}, isHost: false, isMuted: false, send: vi.fn() };

/** For code that is loaded when it is shown: the menu, flags. */
const LATER = { timeout: 15_000 };

function show(
  change: Partial<Participant>,
  props: { isMe?: boolean; isHost?: boolean; isCohost?: boolean } = {},
  view = {},
) {
  renderUi(
    <ul>
      <ParticipantTile
        person={person(0, { isMuted: false, ...change })}
        call={{ ...call, ...view } as unknown as CallHook}
        isMe={false}
        isHost={false}
        isCohost={false}
        isDominant={false}
        {...props}
      />
    </ul>,
  );
  return within(screen.getByRole("listitem"));
}

beforeEach(() => {
  call.send.mockReset();
});

describe("ParticipantTile", () => {
  it("has a text for each of its marks", async () => {
    const tile = show({ isMuted: true, handRaised: true }, { isHost: true });
    for (const name of ["Muted", "Hand raised", "Host"]) expect(tile.getByRole("img", { name })).toBeTruthy();
    await tile.findByRole("img", { name: "Mexico" }, LATER);
  });

  it("marks a co-host, and shows a reaction for some seconds", () => {
    vi.useFakeTimers();
    const reactions = { "p-0": { reaction: "bravo", key: 4 } };
    const tile = show({}, { isCohost: true }, { reactions });
    expect(tile.getByRole("img", { name: "Co-host" })).toBeTruthy();
    expect(screen.getByRole("listitem").querySelector("[data-reaction=bravo]")).not.toBeNull();
    act(() => vi.advanceTimersByTime(6_000));
    expect(screen.getByRole("listitem").querySelector("[data-reaction]")).toBeNull();
    vi.useRealTimers();
  });

  it("shows a lost connection even of a participant who was speaking", () => {
    const tile = show({ connection: "disconnected", isSpeaking: true });
    expect(tile.getByText("Connection lost")).toBeTruthy();
    expect(tile.queryByText("Speaking")).toBeNull();
  });

  it("shows no muted participant as speaking", () => {
    expect(show({ isMuted: true, isSpeaking: true }).queryByText("Speaking")).toBeNull();
  });

  it("shows nothing of others that may have changed unseen", () => {
    const change = { isMuted: true, isSpeaking: true, handRaised: true };
    const tile = show(change, { isHost: true }, { isStale: true });
    expect(tile.getByText("Not known now")).toBeTruthy();
    for (const name of ["Muted", "Hand raised"]) expect(tile.queryByRole("img", { name })).toBeNull();
    expect(screen.getByRole("listitem").dataset).toMatchObject({ speaking: "false", connection: "unknown" });
  });

  it("shows that I am reconnecting, and my own microphone as it is", () => {
    const tile = show({}, { isMe: true }, { isStale: true, isMuted: true });
    expect(tile.getByText("Reconnecting…")).toBeTruthy();
    expect(tile.getByRole("img", { name: "Muted" })).toBeTruthy();
  });

  it("shows that someone's page has closed", () => {
    expect(show({ connection: "leaving" }).getByText("Leaving")).toBeTruthy();
  });

  it("numbers the hands if there are several", () => {
    const hands = [1, 0].map((index, at) =>
      person(index, { handRaised: true, handRaisedAt: `2026-11-29T10:00:0${at}.000Z` }),
    );
    const tile = show({ handRaised: true }, {}, { participants: hands });
    expect(tile.getByRole("img", { name: "Hand raised, number 2" }).textContent).toBe("2");
  });

  it("lets the host lower a hand", async () => {
    show({ handRaised: true }, {}, { isHost: true, isLeading: true });
    await userEvent.click(screen.getByRole("button", { name: "Options for Mateo" }));
    await userEvent.click(await screen.findByRole("button", { name: "Lower hand" }, LATER));
    expect(call.send).toHaveBeenCalledExactlyOnceWith("lower_hand", { participantId: "p-0" });
  });

  it("shows me muted as soon as I mute, before the server has said so", () => {
    const tile = show({ isMuted: false }, { isMe: true }, { isMuted: true });
    expect(tile.getByRole("img", { name: "Muted" })).toBeTruthy();
    expect(tile.queryByRole("button")).toBeNull();
  });

  it("gives everybody a volume, and only the host the power to remove", async () => {
    show({});
    await userEvent.click(screen.getByRole("button", { name: "Options for Mateo" }));
    await screen.findByRole("slider", { name: "Volume of Mateo" }, LATER);
    expect(screen.queryByRole("button", { name: "Remove from the room" })).toBeNull();
  });

  it("removes only after a question", async () => {
    show({}, {}, { isHost: true, isLeading: true });
    await userEvent.click(screen.getByRole("button", { name: "Options for Mateo" }));
    await userEvent.click(await screen.findByRole("button", { name: "Remove from the room" }, LATER));
    expect(call.send).not.toHaveBeenCalled();
    await userEvent.click(await screen.findByRole("button", { name: "Remove" }));
    expect(call.send).toHaveBeenCalledWith("remove_participant", { participantId: "p-0" });
  });
});
