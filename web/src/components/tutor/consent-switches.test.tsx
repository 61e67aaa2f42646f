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

describe("voice consent", () => {
  it.each([true, false])("shows the current state (%s) and sends its opposite", async (heard) => {
    const choice = show(heard);
    expect(choice.checked).toBe(heard);
    await userEvent.click(choice);
    expect(send).toHaveBeenCalledExactlyOnceWith("set_heard", { heard: !heard });
  });

  it("mentions others only in a shared room", () => {
    show(true);
    expect(screen.getByText(/the others still hear you/)).toBeTruthy();
  });

  it("does not mention others in practice", () => {
    show(true, true);
    expect(screen.getByText("Off: Emma does not hear you; type instead")).toBeTruthy();
  });
});
