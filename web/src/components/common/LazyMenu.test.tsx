import { Menu } from "@mantine/core";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { renderUi } from "../../test/render";
import { LazyMenu } from "./LazyMenu";

const Items = () => (
  <>
    <Menu.Item>First</Menu.Item>
    <Menu.Item>Second</Menu.Item>
  </>
);

/** Retries have their own tests. */
vi.mock("../../core/lazy-load", async (original) => ({
  ...(await original<object>()),
  withRetries: (load: () => unknown) => load(),
}));

it("opens by the keyboard once its code is there, and gives the focus back when it closes", async () => {
  renderUi(
    <LazyMenu items={() => Promise.resolve(Items)} button={<button type="button">Language</button>} />,
  );
  await userEvent.tab();
  await userEvent.keyboard("{Enter}");
  const first = await screen.findByRole("menuitem", { name: "First" });
  await waitFor(() => expect(document.activeElement).toBe(first));
  await userEvent.keyboard("{Escape}");
  const button = screen.getByRole("button", { name: "Language" });
  await waitFor(() => expect(document.activeElement).toBe(button));
  expect(button.getAttribute("aria-expanded")).toBe("false");
});

it("says that its code could not be loaded, and tries again at the next press", async () => {
  let isOnline = false;
  const items = () => (isOnline ? Promise.resolve(Items) : Promise.reject(new TypeError("Failed to fetch")));
  renderUi(<LazyMenu items={items} button={<button type="button">Language</button>} />);
  await userEvent.click(screen.getByRole("button"));
  await waitFor(() => expect(screen.getByRole("status").textContent).toContain("could not be loaded"));
  isOnline = true;
  await userEvent.click(screen.getByRole("button"));
  expect(await screen.findByRole("menuitem", { name: "First" })).toBeTruthy();
});
