import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, type MockInstance, vi } from "vitest";
import { ApiError, problem } from "../../core/api-error";
import { parlor } from "../../core/parlor";
import { queryClient } from "../../hooks/query-client";
import type { EventPage, ListedEvent } from "../../protocol";
import { renderUi } from "../../test/render";
import { ScheduleView } from "./ScheduleView";

const event = (name: string): ListedEvent => ({
  occurrence: {
    id: `o-${name}`,
    eventId: "e1",
    name,
    topic: "",
    startsAt: "2027-03-10T00:00:00Z",
    endsAt: "2027-03-10T01:00:00Z",
    localStart: "2027-03-09T19:00:00",
    places: 7,
    going: 0,
    waiting: 0,
    myPlace: null,
    ahead: 0,
    isCancelled: false,
    hasBegun: false,
  },
  host: { id: "u1", name: "Ann", avatarUrl: "/a.svg" },
  isMine: false,
  level: "B1",
  type: "public",
  language: "en",
  tags: [],
  timeZone: "UTC",
  repeats: true,
});

let get: MockInstance<typeof parlor.api.get>;
beforeEach(() => {
  queryClient.clear();
  get = vi.spyOn(parlor.api, "get");
  vi.spyOn(parlor.lobby, "watch").mockReturnValue(() => {});
});

it("goes on where the first page of what is coming up ends", async () => {
  const pages: Record<string, EventPage> = {
    "": { items: [event("Tea")], nextCursor: "c1" },
    c1: { items: [event("Film")], nextCursor: null },
  };
  get.mockImplementation(async (_path, options) => pages[String(options?.query?.cursor ?? "")] as never);
  renderUi(<ScheduleView />);
  expect(await screen.findByRole("link", { name: "Tea" })).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Show later ones" }));
  expect(await screen.findByRole("link", { name: "Film" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Show later ones" })).toBeNull();
});

it("says that it cannot be loaded", async () => {
  get.mockRejectedValue(new ApiError(problem("forbidden", 403, "", false)));
  renderUi(<ScheduleView />);
  expect(await screen.findByRole("alert")).toBeTruthy();
});
