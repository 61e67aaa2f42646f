import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "../../core/api-error";
import { refusal } from "../../test/builders";
import { renderUi } from "../../test/render";
import { RoomEntrance } from "./RoomEntrance";

const preview = vi.hoisted(() => ({ isLoading: false, error: null as unknown }));

vi.mock("../../hooks", async (original) => ({
  ...(await original<object>()),
  useSession: () => ({ status: "signed-out", user: null, signIn: vi.fn() }),
  useRoomPreview: () => ({ room: null, refetch: vi.fn(), ...preview }),
}));

const nameField = () => screen.queryByRole("textbox", { name: /Your name/ });

function show(code: string | null) {
  preview.error = code && new ApiError(refusal(code).error);
  renderUi(<RoomEntrance roomId="r1" invite="x" onJoin={vi.fn()} />, "/rooms/r1?invite=x");
}

beforeEach(() => {
  preview.isLoading = false;
});

it.each([
  ["invite_invalid", /The invite link is missing or no longer valid/],
  ["room_not_found", /This room does not exist/],
])("says that a link is dead before asking for a name (%s)", (code, text) => {
  show(code);
  expect(screen.getByText(text)).toBeTruthy();
  expect(nameField()).toBeNull();
});

it("asks for a name first only where the server shows the room to nobody unknown", async () => {
  show("unauthenticated");
  await waitFor(() => expect(nameField()).toBeTruthy());
});

it.each(["network", "unavailable"])("offers to try again after a failure (%s)", (code) => {
  show(code);
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
  expect(nameField()).toBeNull();
});

it("does not ask before the server has answered", () => {
  preview.isLoading = true;
  show(null);
  expect(nameField()).toBeNull();
});
