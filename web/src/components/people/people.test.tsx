import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { ApiError, problem } from "../../core/api-error";
import type { ListedUser, PersonCard } from "../../protocol";
import { renderUi } from "../../test/render";
import { FriendPlace } from "./FriendPlace";
import FriendsOnline from "./FriendsOnline";
import { InviteFriends } from "./InviteFriends";
import { PeopleView } from "./PeopleView";
import { PersonCardView } from "./PersonCardView";

const mocked = vi.hoisted(() => ({
  lists: {} as Record<string, ListedUser[]>,
  card: undefined as PersonCard | undefined,
  error: null as ApiError | null,
  actions: {} as Record<string, ReturnType<typeof vi.fn>>,
}));
vi.mock("../../hooks", async (original) => ({
  ...(await original<object>()),
  usePeople: (list: string) => ({
    people: mocked.lists[list] ?? [],
    isLoading: false,
    error: null,
    hasMore: false,
    loadMore: () => {},
  }),
  usePerson: () => ({ data: mocked.card, error: mocked.error }),
  usePeopleActions: () => mocked.actions,
}));

const ROOM = {
  id: "r1",
  name: "Coffee",
  language: "en",
  level: "B1",
  isLocked: false,
  knockToEnter: false,
  isFull: false,
} as const;
const person = (name: string, change: Partial<ListedUser> = {}): ListedUser => ({
  id: `u-${name}`,
  name,
  avatarUrl: "/api/avatars/g/a.svg",
  since: "2026-11-20T18:40:00.000Z",
  learningLevel: null,
  country: null,
  youFollow: true,
  followsYou: true,
  note: "",
  roomName: null,
  isOnline: false,
  room: null,
  ...change,
});
const CARD: PersonCard = {
  ...person("Ben"),
  about: "I bake bread.",
  nativeLanguage: "en",
  alsoSpeaks: ["fr", "en"],
  practises: ["vi"],
  memberSince: "2026-03-02T10:00:00.000Z",
  note: "Likes tea.",
  metAt: null,
};

beforeEach(() => {
  mocked.lists = {};
  mocked.card = CARD;
  mocked.error = null;
  mocked.actions = Object.fromEntries(
    ["follow", "unfollow", "removeFollower", "setNote", "forgetMet", "invite", "unblock"].map((name) => [
      name,
      vi.fn(() => Promise.resolve()),
    ]),
  );
});

it("offers a follower to be followed back or removed, and a friend only to be removed", async () => {
  mocked.lists.followers = [person("Ann", { youFollow: false }), person("Ben")];
  renderUi(<PeopleView list="followers" />);
  const rows = within(screen.getByRole("list", { name: "Followers" })).getAllByRole("listitem");
  const [ann, ben] = rows as [HTMLElement, HTMLElement];
  expect(within(ben).queryByRole("button", { name: /Follow/ })).toBeNull();
  expect(within(ben).getByText("Friend")).toBeTruthy();
  await userEvent.click(within(ann).getByRole("button", { name: "Follow back Ann" }));
  expect(mocked.actions.follow).toHaveBeenCalledWith("u-Ann");
  await userEvent.click(within(ann).getByRole("button", { name: "Remove Ann from this list" }));
  expect(mocked.actions.removeFollower).toHaveBeenCalledWith("u-Ann");
});

it("leads to the room of a friend unless it is full or locked", () => {
  const place = (change: object) => ({ name: "Ann", isOnline: true, room: { ...ROOM, ...change } });
  const { rerender } = renderUi(<FriendPlace person={place({})} />);
  expect(screen.getByRole("link", { name: /Join Ann/ }).getAttribute("href")).toBe("/rooms/r1");
  for (const change of [{ isFull: true }, { isLocked: true }]) {
    rerender(<FriendPlace person={place(change)} />);
    expect(screen.queryByRole("link")).toBeNull();
  }
});

it("shows friends who are online in the lobby, with the way to the room of each", () => {
  mocked.lists = {};
  const { rerender } = renderUi(<FriendsOnline />);
  expect(screen.queryByRole("heading")).toBeNull();
  mocked.lists = {
    online: [
      person("Ann", { isOnline: true, room: ROOM }),
      person("Ben", { isOnline: true }),
      person("Cem", { isOnline: true, room: { ...ROOM, isFull: true } }),
    ],
  };
  rerender(<FriendsOnline />);
  expect(screen.getByRole("heading", { name: "Friends online" })).toBeTruthy();
  const links = screen.getAllByRole("link");
  expect(links.map((link) => link.getAttribute("href"))).toEqual(["/rooms/r1"]);
  expect(links[0]?.getAttribute("aria-label")).toBe("Join Ann in “Coffee”");
  expect(screen.getAllByRole("button").map((button) => button.textContent)).toEqual([
    "BenOnline",
    "CemIn “Coffee”",
  ]);
});

it("invites each friend once, those online first and those in the room not at all", async () => {
  const online = person("Ann", { isOnline: true });
  const here = person("Cem", { isOnline: true, room: ROOM });
  mocked.lists = { online: [online, here], friends: [online, here, person("Ben")] };
  renderUi(<InviteFriends roomId="r1" knocks isLeading={false} />);
  expect(screen.getByText(/They must knock/)).toBeTruthy();
  expect(screen.queryByText("Cem")).toBeNull();
  const button = within(screen.getByRole("list", { name: "Online now" })).getByRole("button");
  await userEvent.click(button);
  await userEvent.click(button);
  expect(mocked.actions.invite?.mock.calls).toEqual([["r1", "u-Ann"]]);
  expect(within(screen.getByRole("list", { name: "All friends" })).getAllByRole("listitem")).toHaveLength(1);
});

it("says why a friend cannot be invited, and lets one try again", async () => {
  mocked.lists = { friends: [person("Ben")] };
  mocked.actions.invite?.mockRejectedValueOnce(new ApiError(problem("room_full", 409, "", true)));
  renderUi(<InviteFriends roomId="r1" knocks={false} isLeading />);
  await userEvent.click(screen.getByRole("button", { name: "Invite Ben" }));
  await userEvent.click(screen.getByRole("button", { name: "Invite Ben" }));
  expect(mocked.actions.invite).toHaveBeenCalledTimes(2);
  expect(screen.getByRole("button", { name: "Invited" })).toBeTruthy();
});

it("shows each language of a card once, and saves a note that was changed", async () => {
  renderUi(<PersonCardView userId="u-Ben" onDone={() => {}} />);
  expect(screen.getByText("English, French")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Save the note" })).toBeNull();
  await userEvent.type(screen.getByRole("textbox", { name: "Your note" }), " No milk.");
  await userEvent.click(screen.getByRole("button", { name: "Save the note" }));
  expect(mocked.actions.setNote).toHaveBeenCalledWith("u-Ben", "Likes tea. No milk.");
});

it("shows nothing of a person who must not be shown", () => {
  mocked.card = undefined;
  mocked.error = new ApiError(problem("user_not_found", 404, "", false));
  renderUi(<PersonCardView userId="u-Ben" onDone={() => {}} />);
  expect(screen.getByText("There is no profile to see.")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});
