import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { NoticeSettingsHook } from "../../hooks";
import { renderUi } from "../../test/render";
import { NoticeSettings } from "./NoticeSettings";

const hook = vi.hoisted(() => ({ value: null as unknown as NoticeSettingsHook }));
vi.mock("../../hooks", async (original) => ({
  ...(await original<object>()),
  useNoticeSettings: () => hook.value,
}));

const change = vi.fn(async () => {});
const turnOn = vi.fn(async () => true);
const turnOff = vi.fn(async () => {});

function given(settings: Partial<NoticeSettingsHook["settings"]>, push: NoticeSettingsHook["push"] = "off") {
  hook.value = {
    settings: {
      mail: true,
      canMail: false,
      pushKey: "BAEC",
      pushHere: false,
      pushDevices: 0,
      topics: ["reminders", "changes"],
      quiet: null,
      timeZone: "Asia/Ho_Chi_Minh",
      ...settings,
    },
    push,
    isBusy: false,
    change,
    turnOn,
    turnOff,
  };
  return renderUi(<NoticeSettings />);
}

const device = () => screen.getByRole<HTMLInputElement>("switch", { name: /^Messages on this device/ });

beforeEach(() => vi.clearAllMocks());

it("turns messages on by a click alone", async () => {
  given({});
  expect(device().checked).toBe(false);
  expect(turnOn).not.toHaveBeenCalled();
  expect(screen.queryByText("Quiet hours")).toBeNull();
  await userEvent.click(device());
  expect(turnOn).toHaveBeenCalledWith("en");
});

it("turns them off, and shows topics and quiet hours while any device is on", async () => {
  given({ pushHere: true, pushDevices: 1 }, "on");
  expect(device().checked).toBe(true);
  await userEvent.click(screen.getByRole("switch", { name: /New times/ }));
  expect(change).toHaveBeenLastCalledWith({ topics: ["reminders"] });
  await userEvent.click(screen.getByRole("switch", { name: /^Quiet hours/ }));
  expect(change).toHaveBeenLastCalledWith({ quiet: { start: "22:00", end: "07:00" } });
  screen.getByText(/Asia\/Ho Chi Minh/);
  await userEvent.click(device());
  expect(turnOff).toHaveBeenCalled();
});

it.each([
  ["denied", /does not let this site/],
  ["unsupported", /cannot receive/],
  ["install", /Home Screen/],
] as const)("says why messages cannot be turned on: %s", (push, text) => {
  given({}, push);
  expect(device().disabled).toBe(true);
  screen.getByText(text);
});

it("offers nothing where the server sends nothing", () => {
  given({ pushKey: null });
  expect(screen.queryByRole("switch")).toBeNull();
});
