import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { tutor } from "../../test/builders";
import { renderUi } from "../../test/render";
import { VoiceOptions } from "./VoiceOptions";

const send = vi.hoisted(() => vi.fn());

vi.mock("../../hooks", () => ({ useSend: () => send }));

beforeEach(() => send.mockReset());

describe("how the tutor speaks", () => {
  it("sends the voice that was chosen", async () => {
    renderUi(<VoiceOptions tutor={tutor()} />);
    const voices = screen.getByRole<HTMLSelectElement>("combobox", { name: "Voice" });
    expect(voices.value).toBe("en-gb");
    await userEvent.selectOptions(voices, "American");
    expect(send).toHaveBeenCalledExactlyOnceWith("set_tutor_options", { voice: "en-us" });
  });

  it("sends the rate in tenths and shows it as text", async () => {
    renderUi(<VoiceOptions tutor={tutor({ rate: 1.1 })} />);
    const rate = screen.getByRole("slider", { name: "Speaking rate" });
    expect(rate.getAttribute("aria-valuetext")).toBe("110 % of normal speed");
    rate.focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(send).toHaveBeenCalledExactlyOnceWith("set_tutor_options", { rate: 1.2 });
  });

  it("follows the server's value and keeps the focus", () => {
    const { rerender } = renderUi(<VoiceOptions tutor={tutor({ rate: 1 })} />);
    const rate = screen.getByRole("slider", { name: "Speaking rate" });
    rate.focus();
    rerender(<VoiceOptions tutor={tutor({ rate: 1.2 })} />);
    expect(screen.getByRole("slider").getAttribute("aria-valuenow")).toBe("1.2");
    expect(document.activeElement).toBe(rate);
  });

  it("offers no voices where there are none", () => {
    renderUi(<VoiceOptions tutor={tutor({ voices: [] })} />);
    expect(screen.queryByRole("combobox")).toBeNull();
  });
});
