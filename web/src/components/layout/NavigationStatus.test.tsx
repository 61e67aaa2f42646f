import { act, render, screen } from "@testing-library/react";
import { I18nextProvider } from "react-i18next";
import { createMemoryRouter, Outlet, RouterProvider } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { i18n } from "../../i18n";
import { NavigationStatus } from "./NavigationStatus";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const Rooms = () => <p>Rooms</p>;

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it("says that the next page is being loaded, but only if that takes long", async () => {
  let arrive: (page: { Component: React.ComponentType }) => void = () => {};
  const rooms = () =>
    new Promise<{ Component: React.ComponentType }>((resolve) => {
      arrive = resolve;
    });
  const layout = (
    <>
      <Outlet />
      <NavigationStatus />
    </>
  );
  const router = createMemoryRouter([
    {
      element: layout,
      children: [
        { index: true, element: <p>Landing</p> },
        { path: "rooms", lazy: rooms },
      ],
    },
  ]);
  render(
    <I18nextProvider i18n={i18n}>
      <RouterProvider router={router} />
    </I18nextProvider>,
  );
  act(() => void router.navigate("/rooms"));
  await wait(150);
  expect(screen.getByRole("status").textContent).toBe("");
  await wait(100);
  expect(screen.getByRole("status").textContent).toBe("Loading");
  arrive({ Component: Rooms });
  await wait(1);
  expect(screen.getByText("Rooms")).toBeTruthy();
  expect(screen.getByRole("status").textContent).toBe("");
});
