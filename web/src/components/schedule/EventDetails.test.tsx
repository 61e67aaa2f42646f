import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { EventView, OccurrenceView } from "../../protocol";
import { renderUi } from "../../test/render";
import { EventDetails } from "./EventDetails";

const actions = vi.hoisted(() => ({
  change: vi.fn(),
  cancel: vi.fn(),
  register: vi.fn(),
  removePerson: vi.fn(),
}));
vi.mock("../../hooks", async (original) => ({
  ...(await original<object>()),
  useScheduleActions: () => actions,
  useSession: () => ({ user: { id: "u1", name: "Ann" } }),
  useAccount: () => ({ data: { isGuest: false } }),
  useEventPeople: () => ({ data: { items: [{ id: "u2", name: "Mai", place: "going" }] } }),
}));

const WEEK_MS = 7 * 86_400_000;
const occurrence = (id: string, inMs: number): OccurrenceView => ({
  id,
  eventId: "e1",
  name: "Tea",
  topic: "",
  startsAt: new Date(Date.now() + inMs).toISOString(),
  endsAt: new Date(Date.now() + inMs + 3_600_000).toISOString(),
  localStart: "2027-03-09T19:00",
  places: 7,
  going: 1,
  waiting: 0,
  myPlace: null,
  ahead: 0,
  isCancelled: false,
  hasBegun: false,
});
const event = (change: Partial<EventView> = {}): EventView => ({
  id: "e1",
  host: { id: "u1", name: "Ann", avatarUrl: "/a.svg" },
  isMine: true,
  name: "Tea",
  topic: "",
  level: "B1",
  type: "public",
  language: "en",
  tags: ["tea"],
  maxParticipants: 8,
  waitingRoom: false,
  opensWithoutHost: true,
  timeZone: "UTC",
  durationMinutes: 60,
  repeat: {
    frequency: "weekly",
    interval: 1,
    days: ["TU"],
    nth: null,
    monthDay: null,
    count: 2,
    until: null,
  },
  isCancelled: false,
  invite: null,
  doorsMinutes: 10,
  occurrences: [occurrence("o1", WEEK_MS), occurrence("o2", 2 * WEEK_MS)],
  ...change,
});
const row = (index: number) =>
  within(screen.getAllByRole("listitem").filter((item) => item.querySelector("time"))[index] as HTMLElement);
const show = (shown: EventView, at = "") =>
  renderUi(<EventDetails event={shown} invite={undefined} />, `/schedule/e1?at=${at}`);

beforeEach(() => {
  Element.prototype.scrollIntoView = vi.fn();
  for (const action of Object.values(actions)) action.mockReset();
  actions.change.mockResolvedValue({ id: "e1" });
});

it("lets people in from when the doors open, not weeks before", () => {
  show(event({ occurrences: [occurrence("o1", 9 * 60_000), occurrence("o2", WEEK_MS)] }));
  expect(row(0).getByRole("button", { name: "Enter the room" })).toBeTruthy();
  expect(row(1).queryByRole("button", { name: "Enter the room" })).toBeNull();
});

it("marks the time that the address names", () => {
  show(event(), "o2");
  const marked = screen.getAllByRole("listitem").filter((item) => item.hasAttribute("aria-current"));
  expect(marked).toHaveLength(1);
  expect(Element.prototype.scrollIntoView).toHaveBeenCalledOnce();
});

it("changes words of one time, or what all times share", async () => {
  show(event());
  await userEvent.click(row(0).getByRole("button", { name: "Change" }));
  expect(row(0).queryByRole("radio", { name: /B2/ })).toBeNull();
  await userEvent.clear(row(0).getByLabelText(/Room name/));
  await userEvent.type(row(0).getByLabelText(/Room name/), "Cake");
  await userEvent.click(row(0).getByRole("radio", { name: "All times" }));
  await userEvent.click(row(0).getByRole("radio", { name: /B2/ }));
  await userEvent.click(row(0).getByRole("button", { name: "Save the change" }));
  const wanted = { scope: "all", occurrenceId: "o1", name: "Cake", level: "B2" };
  expect(actions.change).toHaveBeenCalledWith("e1", wanted);
  expect(row(0).queryByLabelText(/Room name/)).toBeNull();
  expect(document.activeElement).toBe(row(0).getByRole("button", { name: "Change" }));
});

it("asks before it cancels", async () => {
  show(event());
  await userEvent.click(row(1).getByRole("button", { name: "Cancel" }));
  expect(actions.cancel).not.toHaveBeenCalled();
  await userEvent.click(row(1).getByRole("radio", { name: "This and later times" }));
  await userEvent.click(row(1).getByRole("button", { name: "Cancel it now" }));
  expect(actions.cancel).toHaveBeenCalledWith("e1", "following", "o2");
});

it("takes a place at this time, or at all later ones too", async () => {
  show(event({ isMine: false }));
  await userEvent.click(row(0).getByRole("button", { name: "Take it at all later times too" }));
  const place = { occurrenceId: "o1", following: true, language: "en" };
  expect(actions.register).toHaveBeenCalledWith("e1", place);
  expect(row(1).queryByRole("button", { name: /later/ })).toBeNull();
});

it("calls a place on the waitlist so", () => {
  const waiting = { ...occurrence("o1", WEEK_MS), myPlace: "waiting", ahead: 1 } as const;
  show(event({ isMine: false, occurrences: [waiting] }));
  expect(row(0).getByText("Your position: 2")).toBeTruthy();
  expect(row(0).getByRole("button", { name: "Leave the waitlist" })).toBeTruthy();
});

it("shows the host who comes, and takes a place away", async () => {
  show(event());
  await userEvent.click(row(0).getByRole("button", { name: "Who comes" }));
  expect(row(0).getByText("has a place")).toBeTruthy();
  await userEvent.click(row(0).getByRole("button", { name: "Remove Mai" }));
  expect(actions.removePerson).toHaveBeenCalledWith("e1", "o1", "u2");
});
