import { act, renderHook } from "@testing-library/react";
import { MemoryRouter, useLocation, useNavigationType } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { i18n } from "../../i18n";
import { Providers } from "../../test/render";
import { useCreateRoomForm } from "./useCreateRoomForm";

const settings = vi.hoisted(() => ({
  practiceLanguage: null as string | null,
  setPracticeLanguage: vi.fn(),
}));
const create = vi.hoisted(() => vi.fn());
vi.mock("../../hooks", () => ({
  ApiError: class extends Error {},
  useSettings: () => settings,
  useCreateRoom: () => ({ create, isPending: false }),
}));

const show = () =>
  renderHook(() => ({ ...useCreateRoomForm(), address: useLocation().pathname, move: useNavigationType() }), {
    wrapper: ({ children }) => (
      <Providers>
        <MemoryRouter initialEntries={["/rooms/new"]}>{children}</MemoryRouter>
      </Providers>
    ),
  }).result;

beforeEach(() => {
  settings.practiceLanguage = null;
  settings.setPracticeLanguage.mockReset();
  create.mockReset().mockResolvedValue({ id: "r1", invite: null });
});
afterEach(() => void i18n.changeLanguage("en"));

it.each([
  ["vi", null, "en"],
  ["en", null, "en"],
  ["vi", "fr", "fr"],
])("on a page in %s a person who practises %s opens a room in %s", (page, practises, expected) => {
  void i18n.changeLanguage(page);
  settings.practiceLanguage = practises;
  expect(show().current.form.values.language).toBe(expected);
});

it("remembers a language that was chosen, unless one is remembered, and replaces the form in the history", async () => {
  const result = show();
  act(() => result.current.form.setValues({ name: "Un café", level: "B1", language: "fr" }));
  await act(async () => result.current.submit());
  expect(settings.setPracticeLanguage).toHaveBeenCalledWith("fr");
  expect([result.current.address, result.current.move]).toEqual(["/rooms/r1", "REPLACE"]);

  settings.practiceLanguage = "en";
  settings.setPracticeLanguage.mockReset();
  const again = show();
  act(() => again.current.form.setValues({ name: "Un café", level: "B1", language: "fr" }));
  await act(async () => again.current.submit());
  expect(settings.setPracticeLanguage).not.toHaveBeenCalled();
});
