import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { CallHook } from "../../hooks";
import { renderUi } from "../../test/render";
import { RemovedPeopleModal } from "./RemovedPeopleModal";

const ban = (name: string) => ({ id: `b-${name}`, name, at: "2026-11-20T19:20:00.000Z" });

it("lists removed people and lets one back in", async () => {
  const request = vi.fn(async (event: string) =>
    event === "get_bans" ? { bans: [ban("Cem"), ban("Ben")] } : { bans: [ban("Cem")] },
  );
  renderUi(<RemovedPeopleModal opened onClose={vi.fn()} call={{ request } as unknown as CallHook} />);
  await userEvent.click(await screen.findByRole("button", { name: "Let back in: Ben" }));
  expect(request).toHaveBeenLastCalledWith("lift_ban", { banId: "b-Ben" });
  expect(await screen.findByText("Ben can come back to this room.")).toBeTruthy();
  expect(screen.getAllByRole("listitem")).toHaveLength(1);
});
