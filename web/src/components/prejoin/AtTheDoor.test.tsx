import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { RoomEvent } from "../../protocol";
import { renderUi } from "../../test/render";
import { AtTheDoor } from "./AtTheDoor";

const shown = vi.hoisted(() => ({ event: null as RoomEvent | null }));
vi.mock("../../hooks", async (original) => ({
  ...(await original<object>()),
  useRoomPreview: () => ({ room: { event: shown.event } }),
}));

const EVENT: RoomEvent = {
  eventId: "e1",
  occurrenceId: "o1",
  startsAt: "2027-03-10T19:05:00Z",
  endsAt: "2027-03-10T20:05:00Z",
  waitingRoom: false,
  isOpen: false,
};
const show = (event: RoomEvent | null) => {
  shown.event = event;
  const knocking = { roomId: "r1", canBeAnswered: false, position: 1 };
  renderUi(<AtTheDoor invite={undefined} knocking={knocking} onCancel={vi.fn()} />);
};

it("says when the room of an event opens by itself", () => {
  show(EVENT);
  expect(screen.getByRole("status").textContent).toMatch(
    /^The room opens at \d\d:05 [AP]M\. .* You are next\.$/,
  );
});

it.each([null, { ...EVENT, waitingRoom: true }, { ...EVENT, isOpen: true }])(
  "says that the host lets people in where nothing opens by itself",
  (event) => {
    show(event);
    expect(screen.getByRole("status").textContent).toMatch(/^Nobody who can let you in is in the room now\./);
  },
);
