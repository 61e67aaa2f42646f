import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { person } from "../../dev/people";
import type { CallHook } from "../../hooks";
import { renderUi } from "../../test/render";
import { RaisedHands } from "./RaisedHands";

vi.mock("../../hooks", async () => await import("../../core/room-state"));

const hand = (index: number, at: string) => person(index, { handRaised: true, handRaisedAt: at });
const send = vi.fn();

function show(participants: unknown[], isStale = false) {
  renderUi(<RaisedHands call={{ participants, isStale, send } as unknown as CallHook} />);
}

it("lists the hands in their order, and lowers one", async () => {
  show([hand(0, "2026-11-29T10:00:02.000Z"), person(1), hand(2, "2026-11-29T10:00:01.000Z")]);
  await userEvent.click(screen.getByRole("button", { name: "2 raised hands" }));
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "Fatima ZahraInvite to speakLower hand",
    "MateoInvite to speakLower hand",
  ]);
  await userEvent.click(screen.getByRole("button", { name: "Lower hand of Mateo" }));
  expect(send).toHaveBeenCalledExactlyOnceWith("lower_hand", { participantId: "p-0" });
});

it("invites the owner of a hand to speak, and lowers all", async () => {
  send.mockReset();
  show([hand(0, "2026-11-29T10:00:02.000Z"), hand(2, "2026-11-29T10:00:01.000Z")]);
  await userEvent.click(screen.getByRole("button", { name: "2 raised hands" }));
  await userEvent.click(screen.getByRole("button", { name: "Invite to speak: Fatima Zahra" }));
  await userEvent.click(screen.getByRole("button", { name: "Lower all hands" }));
  expect(send.mock.calls).toEqual([
    ["give_floor", { participantId: "p-2" }],
    ["lower_hands", {}],
  ]);
});

it.each([
  ["no hand is up", [person(0)], false],
  ["the hands are not known", [hand(0, "2026-11-29T10:00:02.000Z")], true],
] as const)("shows nothing while %s", (_what, people, isStale) => {
  show([...people], isStale);
  expect(screen.queryByRole("button")).toBeNull();
});
