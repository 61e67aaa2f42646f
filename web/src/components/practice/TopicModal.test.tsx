import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { tutor } from "../../test/builders";
import { renderUi } from "../../test/render";
import { TopicModal } from "./TopicModal";

const actions = vi.hoisted(() => ({ setTopic: vi.fn(), setLevel: vi.fn() }));

vi.mock("../../hooks", () => ({ useTutorActions: () => actions }));

const onClose = vi.fn();

function show() {
  renderUi(<TopicModal opened onClose={onClose} tutor={tutor({ topic: "Travel", level: "B1" })} />);
  return {
    choose: (name: string | RegExp) => userEvent.click(screen.getByRole("radio", { name })),
    save: () => userEvent.click(screen.getByRole("button", { name: "Go on with this" })),
  };
}

beforeEach(() => {
  for (const spy of [actions.setTopic, actions.setLevel, onClose]) spy.mockReset();
});

describe("the subject in mid-conversation", () => {
  it("starts at what is talked about now", () => {
    show();
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Travel" }).checked).toBe(true);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: /^B1/ }).checked).toBe(true);
  });

  it("sends another level, and not the topic that stayed", async () => {
    const form = show();
    await form.choose(/^A1/);
    await form.save();
    expect(actions.setLevel).toHaveBeenCalledExactlyOnceWith("A1");
    expect(actions.setTopic).not.toHaveBeenCalled();
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("sends another topic, and not the level that stayed", async () => {
    const form = show();
    await form.choose("Food and cooking");
    await form.save();
    expect(actions.setTopic).toHaveBeenCalledExactlyOnceWith("Food and cooking");
    expect(actions.setLevel).not.toHaveBeenCalled();
  });

  it("takes a topic in one's own words", async () => {
    const form = show();
    await form.choose("Something else");
    await userEvent.type(screen.getByLabelText("Your topic"), " my cat ");
    await form.save();
    expect(actions.setTopic).toHaveBeenCalledExactlyOnceWith("my cat");
  });

  it("sends nothing where nothing was changed", async () => {
    await show().save();
    expect(actions.setTopic).not.toHaveBeenCalled();
    expect(actions.setLevel).not.toHaveBeenCalled();
    expect(onClose).toHaveBeenCalledOnce();
  });
});
