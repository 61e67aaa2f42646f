import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { OnlineUser } from "../../protocol";
import { renderUi } from "../../test/render";
import { OnlineStrip } from "./OnlineStrip";

const online = vi.hoisted(() => ({ polled: 0, live: 0, users: [] as OnlineUser[] }));
vi.mock("../../hooks", async (original) => ({
  ...(await original<object>()),
  useOnlineCount: () => online.polled,
  useOnlineUsers: () => ({ count: online.live, users: online.users }),
}));

const person = (name: string): OnlineUser => ({
  id: name,
  name,
  avatarUrl: "/a.svg",
  learningLevel: null,
  country: null,
});

it("counts as many people as it shows, also before the count is polled again", () => {
  Object.assign(online, { polled: 1, live: 2, users: [person("Mai"), person("Ann")] });
  renderUi(<OnlineStrip />);
  expect(screen.getByText("2 people online")).toBeTruthy();
});

it("shows the polled count to people who have not signed in", () => {
  Object.assign(online, { polled: 3, live: 0, users: [] });
  renderUi(<OnlineStrip />);
  expect(screen.getByText("3 people online")).toBeTruthy();
});
