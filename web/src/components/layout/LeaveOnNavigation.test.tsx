import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Link } from "react-router";
import { beforeEach, expect, it, vi } from "vitest";
import { renderUi } from "../../test/render";
import { LeaveOnNavigation } from "./LeaveOnNavigation";

const call = vi.hoisted(() => ({ phase: "idle", room: null as { id: string } | null, leave: vi.fn() }));
const stop = vi.hoisted(() => vi.fn());

vi.mock("../../hooks", () => ({ useCall: () => call, useMicrophone: () => ({ stop }) }));

async function goFromRoomTo(path: string) {
  renderUi(
    <>
      <LeaveOnNavigation />
      <Link to={path}>go</Link>
    </>,
    "/rooms/r1",
  );
  await userEvent.click(screen.getByText("go"));
}

beforeEach(() => {
  Object.assign(call, { phase: "idle", room: null });
  call.leave.mockReset();
  stop.mockReset();
});

it("stops a microphone that was only checked before joining", async () => {
  await goFromRoomTo("/rooms");
  expect(stop).toHaveBeenCalledOnce();
  expect(call.leave).not.toHaveBeenCalled();
});

it("keeps the microphone while the page stays the same room's", async () => {
  await goFromRoomTo("/rooms/r1?invite=x");
  expect(stop).not.toHaveBeenCalled();
});

it("leaves the room whose page is left", async () => {
  Object.assign(call, { phase: "joined", room: { id: "r1" } });
  await goFromRoomTo("/rooms/r2");
  expect(call.leave).toHaveBeenCalled();
  expect(stop).toHaveBeenCalledOnce();
});

it("leaves the room of a talk to the talk's own page", async () => {
  Object.assign(call, { phase: "joined", room: { id: "r1" } });
  await goFromRoomTo("/talk");
  expect(call.leave).not.toHaveBeenCalled();
});
