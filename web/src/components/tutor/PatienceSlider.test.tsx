import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { account } from "../../core/account";
import { renderUi } from "../../test/render";
import { PatienceSlider } from "./PatienceSlider";

it("keeps the person's own patience", () => {
  renderUi(<PatienceSlider />);
  const slider = screen.getByRole("slider", { name: "Time to think" });
  expect(slider.getAttribute("aria-valuetext")).toBe("As usual for your level");
  fireEvent.keyDown(slider, { key: "End" });
  expect(account.settings.getState().patience).toBe(2.5);
  expect(slider.getAttribute("aria-valuetext")).toBe("Waits longer");
});
