import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { renderUi } from "../../test/render";
import { TimeZoneField, zones } from "./TimeZoneField";

const store = vi.hoisted(() => ({ user: {}, update: vi.fn(async () => ({})) }));
vi.mock("../../hooks", () => ({ useSession: () => ({ user: store.user, updateProfile: store.update }) }));

it("chooses a zone, and the device's again", async () => {
  store.user = { timeZone: "Asia/Tokyo", zoneIsChosen: true };
  renderUi(<TimeZoneField />);
  const field = screen.getByRole("combobox", { name: /Your days begin at midnight in/ });
  expect((field as HTMLSelectElement).value).toBe("Asia/Tokyo");
  const keys = userEvent.setup();
  await keys.selectOptions(field, "Europe/Paris");
  expect(store.update).toHaveBeenLastCalledWith({ timeZone: "Europe/Paris", zoneIsChosen: true });
  await keys.selectOptions(field, "");
  const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(store.update).toHaveBeenLastCalledWith({ timeZone: device, zoneIsChosen: false });
});

it("follows the device unless a zone was chosen", () => {
  store.user = { timeZone: "Asia/Tokyo", zoneIsChosen: false };
  renderUi(<TimeZoneField />);
  expect((screen.getByRole("combobox") as HTMLSelectElement).value).toBe("");
});

it("offers a zone that was chosen on a device that knows more", () => {
  expect(zones("Mars/Olympus")[0]).toBe("Mars/Olympus");
  expect(zones("")).not.toContain("");
});
