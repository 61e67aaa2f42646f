import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { i18n, speak } from "../../i18n";
import { Providers } from "../../test/render";
import { GuestForm } from "./GuestForm";

const signIn = vi.hoisted(() => vi.fn());

vi.mock("../../hooks", async (original) => ({
  ...(await original<object>()),
  useSession: () => ({ user: null, status: "signed-out", signIn }),
}));

beforeEach(() => signIn.mockReset().mockResolvedValue(undefined));
afterEach(() => speak("en"));

it.each([
  ["en", null],
  ["vi", "vi"],
] as const)("takes the page's language as the guest's own, unless it is English: %s", async (locale, own) => {
  await speak(locale);
  render(
    <MemoryRouter>
      <Providers>
        <GuestForm />
      </Providers>
    </MemoryRouter>,
  );
  await userEvent.type(screen.getByRole("textbox", { name: i18n.t("guest.name") }), "Lan");
  await userEvent.click(screen.getByRole("button", { name: i18n.t("guest.start") }));
  expect(signIn).toHaveBeenCalledWith(expect.objectContaining({ name: "Lan", nativeLanguage: own }));
});
