import { screen } from "@testing-library/react";
import { Route, Routes } from "react-router";
import { expect, it, vi } from "vitest";
import { renderUi } from "../test/render";
import RoomPage from "./RoomPage";

vi.mock("../hooks", async (original) => ({
  ...(await original<object>()),
  useSession: () => ({ status: "signed-out", user: null }),
  useCall: () => ({ phase: "idle", room: null, me: null, end: null, canResume: () => false, join: vi.fn() }),
  useMicrophone: () => ({ startAgain: vi.fn() }),
}));
vi.mock("../components/prejoin/RoomEntrance", () => ({
  RoomEntrance: (props: { roomId: string; invite?: string }) =>
    `room ${props.roomId}, invite ${props.invite}`,
}));

it.each([
  ["/rooms/aB-1_?invite=9fJ2xQ7Lw0aYc4Tn.", "room aB-1_, invite 9fJ2xQ7Lw0aYc4Tn"],
  ["/rooms/aB-1_?invite=9fJ2xQ7Lw0aYc4Tn%E2%80%8B)", "room aB-1_, invite 9fJ2xQ7Lw0aYc4Tn"],
  ["/rooms/aB-1_?invite=%229fJ2xQ7Lw0aYc4Tn%22%20", "room aB-1_, invite 9fJ2xQ7Lw0aYc4Tn"],
  ["/rooms/aB-1_).", "room aB-1_, invite undefined"],
  ["/rooms/aB-1_", "room aB-1_, invite undefined"],
])("a link opens its room with the punctuation around it: %s", async (path, shown) => {
  renderUi(
    <Routes>
      <Route path="rooms/:roomId" element={<RoomPage />} />
    </Routes>,
    path,
  );
  expect(await screen.findByText(shown)).toBeTruthy();
});
