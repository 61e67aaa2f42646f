import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { CallHook } from "../../hooks";
import type { Knocker } from "../../protocol";
import { renderUi } from "../../test/render";
import { KnockPanel } from "./KnockPanel";

const play = vi.hoisted(() => vi.fn());
vi.mock("../../hooks", () => ({ useKnockSound: () => play }));

const send = vi.fn();
const knocker = (name: string): Knocker => ({
  id: `k-${name}`,
  name,
  avatarUrl: "/api/avatars/g/x.svg",
  learningLevel: "B1",
  country: null,
});
const panel = (...names: string[]) => (
  <main id="content" tabIndex={-1}>
    <KnockPanel call={{ knocks: names.map(knocker), send, phase: "joined" } as unknown as CallHook} />
  </main>
);
const news = () => screen.getByRole("status").textContent;

beforeEach(() => {
  send.mockReset();
  play.mockReset();
});

it("announces each new knock by sound and to screen readers, and nobody twice", async () => {
  const view = renderUi(panel());
  expect(screen.queryByRole("region")).toBeNull();
  expect(play).not.toHaveBeenCalled();
  view.rerender(panel("Ben"));
  expect(play).toHaveBeenCalledTimes(1);
  await waitFor(() => expect(news()).toBe("Ben knocks and would like to come in."));
  view.rerender(panel("Ben", "Cem", "Dan"));
  expect(play).toHaveBeenCalledTimes(2);
  await waitFor(() => expect(news()).toBe("Cem and Dan knock and would like to come in."));
  view.rerender(panel("Cem"));
  expect(play).toHaveBeenCalledTimes(2);
});

it("lets the host answer by keyboard, and keeps the focus in the page", async () => {
  const view = renderUi(panel("Ben", "Cem"));
  const region = screen.getByRole("region", { name: "2 people at the door" });
  await userEvent.tab();
  expect(document.activeElement).toBe(within(region).getByRole("button", { name: "Admit Ben" }));
  await userEvent.keyboard("{Enter}");
  expect(send).toHaveBeenLastCalledWith("answer_knock", { knockId: "k-Ben", admitted: true });
  view.rerender(panel("Cem"));
  expect(document.activeElement).toBe(screen.getByRole("heading", { name: "1 person at the door" }));
  await userEvent.click(screen.getByRole("button", { name: "Decline Cem" }));
  expect(send).toHaveBeenLastCalledWith("answer_knock", { knockId: "k-Cem", admitted: false });
  view.rerender(panel());
  expect(document.activeElement).toBe(screen.getByRole("main"));
});

it("admits everybody at once, when there is more than one", async () => {
  const view = renderUi(panel("Ben"));
  expect(screen.queryByRole("button", { name: "Admit all" })).toBeNull();
  view.rerender(panel("Ben", "Cem"));
  await userEvent.click(screen.getByRole("button", { name: "Admit all" }));
  expect(send).toHaveBeenLastCalledWith("admit_all", {});
  view.rerender(panel());
  expect(document.activeElement).toBe(screen.getByRole("main"));
});

it("takes no answer while the server is out of reach", () => {
  const call = { knocks: [knocker("Ben")], send, phase: "reconnecting" } as unknown as CallHook;
  renderUi(<KnockPanel call={call} />);
  expect(screen.getByRole("button", { name: "Admit Ben" })).toHaveProperty("disabled", true);
});
