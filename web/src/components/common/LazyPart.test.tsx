import { screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { renderUi } from "../../test/render";
import { LazyPart } from "./LazyPart";

const Greeting = ({ name }: { name: string }) => <p>Hello {name}</p>;

/** Retries have their own tests. */
vi.mock("../../core/lazy-load", async (original) => ({
  ...(await original<object>()),
  withRetries: (load: () => unknown) => load(),
}));

it("says that it loads until its code is there", async () => {
  let arrive: (part: typeof Greeting) => void = () => {};
  const load = () =>
    new Promise<typeof Greeting>((resolve) => {
      arrive = resolve;
    });
  renderUi(<LazyPart load={load} props={{ name: "Ann" }} />);
  expect(screen.getByRole("status").textContent).toBe("Loading");
  arrive(Greeting);
  expect(await screen.findByText("Hello Ann")).toBeTruthy();
  expect(screen.queryByRole("status")).toBeNull();
});

it("offers to reload the page if its code does not come", async () => {
  const load = () => Promise.reject(new TypeError("Failed to fetch"));
  renderUi(<LazyPart load={load} props={{}} />);
  await waitFor(() => expect(screen.getByRole("status").textContent).toContain("could not be loaded"));
  expect(screen.getByRole("button", { name: "Reload" })).toBeTruthy();
});
