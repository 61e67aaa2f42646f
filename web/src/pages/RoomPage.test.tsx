import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router";
import { expect, it, vi } from "vitest";
import type { EndReason } from "../hooks";
import { renderUi } from "../test/render";
import RoomPage from "./RoomPage";

const call = vi.hoisted(() => ({ phase: "idle", end: null as object | null, join: vi.fn() }));
const startAgain = vi.hoisted(() => vi.fn(async () => {}));

vi.mock("../hooks", async (original) => ({
  ...(await original<object>()),
  useCall: () => ({ ...call, room: null, me: null, canResume: () => true }),
  useMicrophone: () => ({ status: "idle", startAgain, resume: async () => {} }),
  useSession: () => ({ status: "signed-in", user: null }),
}));
vi.mock("../components/prejoin/RoomEntrance", () => ({ RoomEntrance: () => null }));
vi.mock("../components/layout/PageLayout", () => ({
  PageLayout: ({ children }: { children: React.ReactNode }) => children,
}));

it.each([
  ["left", "Join again"],
  ["joined_elsewhere", "Continue here"],
] satisfies [EndReason, string][])(
  "after %s, joining again starts the microphone again",
  async (reason, name) => {
    call.join.mockReset();
    startAgain.mockClear();
    call.join.mockImplementation(() =>
      Object.assign(call, { phase: "ended", end: { reason, problem: null } }),
    );
    renderUi(
      <Routes>
        <Route path="/rooms/:roomId" element={<RoomPage />} />
      </Routes>,
      "/rooms/r1",
    );
    expect(call.join).toHaveBeenCalledOnce();
    expect(startAgain).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole("button", { name }));
    expect(call.join).toHaveBeenCalledTimes(2);
    expect(startAgain).toHaveBeenCalledOnce();
  },
);
