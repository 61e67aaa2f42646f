import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { participant, tutor } from "../../test/builders";
import { renderUi } from "../../test/render";
import { VoiceConsentSwitch } from "./consent-switches";

const send = vi.hoisted(() => vi.fn());

vi.mock("../../hooks", () => ({ useSend: () => send }));

beforeEach(() => send.mockReset());

const show = (heardByTutor: boolean, alone = false) => {
  renderUi(<VoiceConsentSwitch tutor={tutor()} me={participant({ heardByTutor })} alone={alone} />);
  return screen.getByRole<HTMLInputElement>("switch", { name: /^Emma may hear me/ });
};

describe("whether the tutor gets one's voice", () => {
  it.each([true, false])("is shown as it is (%s), and asked to be otherwise", async (heard) => {
    const choice = show(heard);
    expect(choice.checked).toBe(heard);
    await userEvent.click(choice);
    expect(send).toHaveBeenCalledExactlyOnceWith("set_heard", { heard: !heard });
  });

  it("speaks of others only where there are others", () => {
    show(true);
    expect(screen.getByText(/the others still hear you/)).toBeTruthy();
  });

  it("speaks of nobody else to whoever is alone with it", () => {
    show(true, true);
    expect(screen.getByText("Off: Emma does not hear you; type instead")).toBeTruthy();
  });
});
