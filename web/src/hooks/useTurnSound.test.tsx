import { renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { useTurnSound } from "./useTurnSound";

const play = vi.hoisted(() => vi.fn());
const settings = vi.hoisted(() => ({ sounds: true }));
vi.mock("../core/room-sounds", () => ({ playRoomSound: play }));
vi.mock("../core/parlor", () => ({
  parlor: {
    call: { store: { getState: () => ({ room: { participants: [{ isSpeaking: true }] } }) } },
    settings: { getState: () => settings },
  },
}));

const hook = (turn: number, isOver: boolean) =>
  renderHook(({ turn, isOver }) => useTurnSound(turn, isOver), { initialProps: { turn, isOver } });

beforeEach(() => {
  play.mockReset();
  settings.sounds = true;
});

it("plays once when the time of each turn ends", () => {
  const { rerender } = hook(1, false);
  expect(play).not.toHaveBeenCalled();
  rerender({ turn: 1, isOver: true });
  rerender({ turn: 1, isOver: true });
  expect(play).toHaveBeenCalledExactlyOnceWith("turn_over", true, expect.any(Number));
  rerender({ turn: 2, isOver: false });
  rerender({ turn: 2, isOver: true });
  expect(play).toHaveBeenCalledTimes(2);
});

it("is silent for a turn that was over before it was seen", () => {
  const { rerender } = hook(1, true);
  rerender({ turn: 2, isOver: true });
  expect(play).not.toHaveBeenCalled();
});

it("is silent where the person has turned sounds off", () => {
  settings.sounds = false;
  const { rerender } = hook(1, false);
  rerender({ turn: 1, isOver: true });
  expect(play).not.toHaveBeenCalled();
});
