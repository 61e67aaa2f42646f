import { fireEvent, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { renderUi } from "../../test/render";
import { HoldButton } from "./HoldButton";

vi.mock("../../hooks", () => ({ useMicLevel: () => {} }));

const hold = { isHeld: false, start: vi.fn(), stop: vi.fn() };

function button(disabled = false) {
  renderUi(<HoldButton hold={hold} withKeys disabled={disabled} />);
  const found = screen.getByRole("button", { name: "Hold to speak" });
  found.setPointerCapture = vi.fn();
  return found;
}

beforeEach(() => {
  hold.start.mockReset();
  hold.stop.mockReset();
});

describe("the button to speak", () => {
  it("speaks while a finger is on it", () => {
    const held = button();
    fireEvent.pointerDown(held, { button: 0 });
    expect(hold.start).toHaveBeenCalledOnce();
    fireEvent.pointerUp(held);
    expect(hold.stop).toHaveBeenCalled();
  });

  it.each(["Space", "Enter"])("speaks while %s is held on it, however often the key repeats", (code) => {
    const held = button();
    fireEvent.keyDown(held, { code });
    fireEvent.keyDown(held, { code, repeat: true });
    expect(hold.start).toHaveBeenCalledOnce();
    fireEvent.keyUp(held, { code });
    expect(hold.stop).toHaveBeenCalledOnce();
  });

  it("releases when it loses the focus or the pointer", () => {
    const held = button();
    fireEvent.blur(held);
    fireEvent.pointerCancel(held);
    expect(hold.stop).toHaveBeenCalledTimes(2);
  });

  it("is disabled without consent to be heard", () => {
    fireEvent.pointerDown(button(true), { button: 0 });
    expect(hold.start).not.toHaveBeenCalled();
  });

  it("is not held by the other buttons of a mouse", () => {
    fireEvent.pointerDown(button(), { button: 2 });
    expect(hold.start).not.toHaveBeenCalled();
  });
});
