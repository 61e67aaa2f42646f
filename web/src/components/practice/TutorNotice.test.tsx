import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { tutor } from "../../test/builders";
import { renderUi } from "../../test/render";
import { TutorNotice } from "./TutorNotice";

const send = vi.hoisted(() => vi.fn());
vi.mock("../../hooks", () => ({ useIsRecognizing: () => false, useSend: () => send }));

const status = () => screen.getByRole("status").textContent;

it("explains in the room that no tutor speaks its language", () => {
  renderUi(<TutorNotice tutor={tutor({ status: "untaught", language: "de", engines: null })} heard />);
  expect(status()).toContain("There is no tutor for German on this server");
  expect(status()).toContain("setting a key");
});

it("explains that the tutor waits for another one of the person or their network to leave", () => {
  renderUi(<TutorNotice tutor={tutor({ status: "limited", engines: null })} heard />);
  expect(status()).toContain("This one joins when another of them leaves.");
});

it("says that the tutor left a silent room, and calls it back", async () => {
  renderUi(<TutorNotice tutor={tutor({ status: "resting" })} heard />);
  expect(status()).toContain("Emma left because nobody had spoken or typed for a while.");
  await userEvent.click(screen.getByRole("button", { name: "Call Emma back" }));
  expect(send).toHaveBeenCalledWith("ask_tutor", {});
});

describe("a tutor that cannot hear", () => {
  it("is empty normally", () => {
    renderUi(<TutorNotice tutor={tutor()} heard />);
    expect(status()).toBe("");
  });

  it("is explained without voice consent, with what to do instead", () => {
    renderUi(<TutorNotice tutor={tutor()} heard={false} />);
    expect(status()).toContain("Emma does not hear you. Type instead");
  });

  it("is explained if the language cannot be recognized", () => {
    const engines = { ...(tutor().engines as NonNullable<ReturnType<typeof tutor>["engines"]>), stt: null };
    renderUi(<TutorNotice tutor={tutor({ language: "vi", engines })} heard />);
    expect(status()).toContain("Speech recognition is not available for Vietnamese here.");
  });
});
