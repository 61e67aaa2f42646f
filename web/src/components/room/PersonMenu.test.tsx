import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { person } from "../../dev/people";
import type { CallHook } from "../../hooks";
import { renderUi } from "../../test/render";
import { PersonMenu } from "./PersonMenu";

vi.mock("../../hooks", () => ({
  usePlayback: () => ({ volumeOf: () => 1, setVolume: () => {} }),
  usePeopleActions: () => ({ block: async () => {}, unblock: async () => {} }),
}));

const WINDOW = { width: 1280, height: 600 };
const TILE = new DOMRect(900, 100, 300, 420);
const MENU = new DOMRect(0, 0, 280, 290);

afterEach(() => void vi.restoreAllMocks());

/** jsdom has no layout: the window, a tile nearly as high, and a menu that fits neither below nor above it. */
function layOut() {
  vi.spyOn(document.documentElement, "clientWidth", "get").mockReturnValue(WINDOW.width);
  vi.spyOn(document.documentElement, "clientHeight", "get").mockReturnValue(WINDOW.height);
  const sizeOf = (element: Element) => (element.matches("[role=dialog]") ? MENU : TILE);
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    return this === document.documentElement || this === document.body
      ? new DOMRect(0, 0, WINDOW.width, WINDOW.height)
      : sizeOf(this);
  });
  for (const [property, side] of [
    ["offsetWidth", "width"],
    ["offsetHeight", "height"],
  ] as const) {
    vi.spyOn(HTMLElement.prototype, property, "get").mockImplementation(function (this: HTMLElement) {
      return sizeOf(this)[side];
    });
  }
}

it("lies on the tile where it fits neither below nor above it, so that no action is cut off", async () => {
  layOut();
  renderUi(<PersonMenu person={person(1)} call={{ isHost: true, isLeading: true } as unknown as CallHook} />);
  await userEvent.click(screen.getByRole("button"));
  const menu = await screen.findByRole("dialog", { hidden: true });
  await waitFor(() => expect(menu.style.top).not.toBe(""));
  await waitFor(() => {
    const top = Number.parseFloat(menu.style.top);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top + MENU.height).toBeLessThanOrEqual(WINDOW.height);
  });
});
