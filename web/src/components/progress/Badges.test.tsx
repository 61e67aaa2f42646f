import { screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Achievement } from "../../protocol";
import { renderUi } from "../../test/render";
import { Badges, inOrder } from "./Badges";
import { type BadgeName, PICTURES } from "./badge-pictures";

const store = vi.hoisted(() => ({ items: [] as Achievement[] }));
vi.mock("../../hooks", () => ({ useAchievements: () => ({ data: { items: store.items }, error: null }) }));

const one = (name: BadgeName, done: number, goal: number, at: string | null = null): Achievement => ({
  name,
  done,
  goal,
  at,
});

describe("badges", () => {
  it("say what they are for, and how far one is", () => {
    store.items = [one("first_talk", 1, 1, "2026-11-18T10:00:00.000Z"), one("people_10", 4, 10)];
    renderUi(<Badges />);
    const [earned, open] = screen.getAllByRole("listitem");
    expect(within(earned as HTMLElement).getByText("You talked with the tutor.")).toBeTruthy();
    expect(within(earned as HTMLElement).getByText(/^Earned on Nov 1/)).toBeTruthy();
    expect(within(open as HTMLElement).getByText("4 of 10")).toBeTruthy();
  });

  it("show those that are earned first, the latest at the top", () => {
    const names = inOrder([
      one("people_50", 1, 50),
      one("first_talk", 1, 1, "2026-11-01T10:00:00.000Z"),
      one("people_10", 1, 10),
      one("streak_3", 3, 3, "2026-11-18T10:00:00.000Z"),
    ]).map(({ name }) => name);
    expect(names).toEqual(["streak_3", "first_talk", "people_50", "people_10"]);
  });

  it("have twenty pictures, each drawn once", () => {
    const signs = Object.values(PICTURES).map(({ sign }) => JSON.stringify(sign));
    expect(new Set(signs).size).toBe(20);
  });
});
