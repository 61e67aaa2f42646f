import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "../../core/api-error";
import type { FieldError, User } from "../../protocol";
import { renderUi } from "../../test/render";
import { CreateRoomForm } from "../create/CreateRoomForm";
import { GuestForm } from "../landing/GuestForm";
import { ProfileForm } from "../profile/ProfileForm";

const refuse = vi.hoisted(() => vi.fn());

vi.mock("../../hooks", async (original) => ({
  ...(await original<object>()),
  useSession: () => ({ user: null, status: "signed-out", signIn: refuse, updateProfile: refuse }),
  useCreateRoom: () => ({ create: refuse, isPending: false }),
  useTutorOffer: () => null,
  useLevels: () => ({ levels: [] }),
}));

const ANN = {
  id: "u1",
  name: "\u2800",
  nativeLanguage: null,
  learningLevel: null,
  country: null,
  about: "",
  alsoSpeaks: [],
  practises: [],
} as unknown as User;
const WRONG: FieldError = { path: "name", code: "invisible", message: "Value error, must be visible" };

beforeEach(() => {
  refuse.mockReset().mockRejectedValue(
    new ApiError({
      type: "",
      title: "",
      status: 422,
      code: "invalid_request",
      detail: "The request does not have the expected shape.",
      retryable: false,
      errors: [WRONG],
      retryAfter: null,
      node: null,
      until: null,
      ban: null,
    }),
  );
});

async function expectMarked(label: RegExp) {
  const field = await screen.findByRole("textbox", { name: label });
  expect(await screen.findByText("Use at least one visible character.")).toBeTruthy();
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByRole("alert").textContent).toContain("Check the marked fields");
  expect(document.body.textContent).not.toContain("Value error");
}

it("marks the name in the form of a guest", async () => {
  renderUi(<GuestForm />);
  await userEvent.type(screen.getByRole("textbox", { name: /Your name/ }), "\u2800");
  await userEvent.click(screen.getByRole("button", { name: /Come in/ }));
  await expectMarked(/Your name/);
});

it("marks the name in the form of a profile", async () => {
  renderUi(<ProfileForm user={ANN} />);
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await expectMarked(/Your name/);
});

it("marks the name in the form of a room", async () => {
  renderUi(<CreateRoomForm />);
  await userEvent.type(screen.getByRole("textbox", { name: /name/i }), "\u2800");
  await userEvent.click(screen.getByRole("radio", { name: /A1/ }));
  await userEvent.click(screen.getByRole("button", { name: /Open the room/ }));
  await expectMarked(/name/i);
});
