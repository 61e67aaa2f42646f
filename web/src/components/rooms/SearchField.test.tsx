import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { createMemoryRouter, Link, RouterProvider, useSearchParams } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Providers } from "../../test/render";
import { SearchField } from "./SearchField";

const PAUSE_MS = 250;

function Rooms() {
  const [params, setParams] = useSearchParams();
  return (
    <>
      <SearchField
        value={params.get("search") ?? ""}
        onChange={(search) => setParams({ search }, { replace: true })}
      />
      <Link to="/room">Join</Link>
      <p>{`searched: ${params.get("search") ?? ""}`}</p>
    </>
  );
}

function Room() {
  return <p>the room</p>;
}

/** The page of the room arrives when the returned function is called. */
function renderRooms(): () => void {
  let arrive: () => void = () => {};
  const code = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const routes = [
    { path: "/rooms", Component: Rooms },
    { path: "/room", lazy: () => code.then(() => ({ Component: Room })) },
  ];
  const router = createMemoryRouter(routes, { initialEntries: ["/rooms"] });
  render(<RouterProvider router={router} />, { wrapper: Providers });
  return arrive;
}

/** Returns the reported searches. */
function renderAlone(value: string): { searches: string[] } {
  const searches: string[] = [];
  render(<SearchField value={value} onChange={(search) => searches.push(search)} />, { wrapper: Providers });
  return { searches };
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

it("searches once typing pauses", async () => {
  renderRooms();
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: "food" } });
  screen.getByText("searched:");
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  await screen.findByText("searched: food");
});

it("searches for no text that is cleared right after typing", async () => {
  const { searches } = renderAlone("tea");
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: "food" } });
  fireEvent.click(screen.getByRole("button", { name: "Clear the search" }));
  expect(searches).toEqual([]);
  expect(screen.getByRole<HTMLInputElement>("searchbox").value).toBe("");
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(searches).toEqual([""]);
});

it("lets a link that was clicked right after typing lead to its page", async () => {
  const arrive = renderRooms();
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: "food" } });
  fireEvent.click(screen.getByText("Join"));
  await vi.advanceTimersByTimeAsync(2 * PAUSE_MS);
  arrive();
  await waitFor(() => screen.getByText("the room"));
});
