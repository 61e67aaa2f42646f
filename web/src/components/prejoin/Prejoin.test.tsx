import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { Admission } from "../../protocol";
import { participant, room } from "../../test/builders";
import { renderUi } from "../../test/render";
import { Prejoin } from "./Prejoin";

vi.mock("./JoinPanel", () => ({ JoinPanel: () => <button type="button">Join the room</button> }));
const play = vi.hoisted(() => vi.fn());
vi.mock("../../hooks", async (original) => ({ ...(await original<object>()), useKnockSound: () => play }));
vi.mock("../common/notify", () => ({ notify: vi.fn() }));

const at = (admission: Admission) => <Prejoin room={{ ...room(), admission, node: null }} onJoin={vi.fn()} />;
const join = () => screen.queryByRole("button", { name: "Join the room" });

it.each([
  ["full", "Tell me when a chair is free"],
  ["locked", "Tell me when it opens"],
] satisfies [Admission, string][])("leads with what is possible at a %s room", async (admission, action) => {
  const { notify } = await import("../common/notify");
  vi.mocked(notify).mockClear();
  const view = renderUi(at(admission));
  expect(join()).toBeNull();
  expect(screen.getByRole("link", { name: "Other rooms at B1" }).getAttribute("href")).toBe(
    "/rooms?level=B1&language=en",
  );
  await userEvent.click(screen.getByRole("button", { name: action }));
  view.rerender(at("open"));
  expect(join()).toBeTruthy();
  expect(play).toHaveBeenCalled();
  expect(notify).toHaveBeenCalledWith("You can join Coffee talk now.");
});

it("does not announce an open room to somebody who did not ask for it", async () => {
  const { notify } = await import("../common/notify");
  vi.mocked(notify).mockClear();
  const view = renderUi(at("full"));
  view.rerender(at("open"));
  expect(join()).toBeTruthy();
  expect(notify).not.toHaveBeenCalled();
});

it("names the host of the room", () => {
  const host = participant({ id: "p-ann", userId: "u-ann", name: "Ann" });
  renderUi(
    <Prejoin
      room={{ ...room({ participants: [host], hostId: "u-ann" }), admission: "open", node: null }}
      onJoin={vi.fn()}
    />,
  );
  expect(screen.getByText("Host: Ann")).toBeTruthy();
});
