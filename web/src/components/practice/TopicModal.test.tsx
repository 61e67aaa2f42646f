import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { tutor } from "../../test/builders";
import { renderUi } from "../../test/render";
import { TopicModal } from "./TopicModal";

const send = vi.hoisted(() => vi.fn());

vi.mock("../../hooks", () => ({ useSend: () => send, useTutorOffer: () => null }));

const onClose = vi.fn();

function show() {
  renderUi(<TopicModal opened onClose={onClose} tutor={tutor({ topic: "Travel", level: "B1" })} />);
  return {
    choose: (name: string | RegExp) => userEvent.click(screen.getByRole("radio", { name })),
    save: () => userEvent.click(screen.getByRole("button", { name: "Continue with this topic and level" })),
  };
}

beforeEach(() => {
  for (const spy of [send, onClose]) spy.mockReset();
});

describe("changing topic and level during the conversation", () => {
  it("starts with the current topic", () => {
    show();
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Travel" }).checked).toBe(true);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: /^B1/ }).checked).toBe(true);
  });

  it("sends only a changed level", async () => {
    const form = show();
    await form.choose(/^A1/);
    await form.save();
    expect(send).toHaveBeenCalledExactlyOnceWith("set_level", { level: "A1" });
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("sends only a changed topic", async () => {
    const form = show();
    await form.choose("Food and cooking");
    await form.save();
    expect(send).toHaveBeenCalledExactlyOnceWith("set_topic", { topic: "Food and cooking" });
  });

  it("accepts a topic in one's own words", async () => {
    const form = show();
    await form.choose("Something else");
    await userEvent.type(screen.getByLabelText("Your topic"), " my cat ");
    await form.save();
    expect(send).toHaveBeenCalledExactlyOnceWith("set_topic", { topic: "my cat" });
  });

  it("sends nothing if nothing changed", async () => {
    await show().save();
    expect(send).not.toHaveBeenCalled();
    expect(onClose).toHaveBeenCalledOnce();
  });
});
