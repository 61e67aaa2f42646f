import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { renderUi } from "../../test/render";
import { TypeField } from "./TypeField";

const { send } = vi.hoisted(() => ({ send: vi.fn() }));
vi.mock("../../hooks", () => ({ useSend: () => send }));

function field() {
  renderUi(<TypeField language="en" disabled={false} />);
  return screen.getByRole<HTMLInputElement>("textbox");
}

function type(input: HTMLInputElement, value: string) {
  fireEvent.change(input, { target: { value } });
}

beforeEach(() => send.mockReset());

describe("the field to type to the tutor", () => {
  it("is empty once the words are sent", async () => {
    send.mockResolvedValue(true);
    const input = field();
    type(input, " Hello ");
    fireEvent.submit(input);
    expect(send).toHaveBeenCalledWith("say", { text: "Hello" });
    await waitFor(() => expect(send.mock.results[0]?.value).resolves.toBe(true));
    expect(input.value).toBe("");
  });

  it("has the words again if the server refuses them", async () => {
    send.mockResolvedValue(false);
    const input = field();
    type(input, "Hello");
    fireEvent.submit(input);
    await waitFor(() => expect(input.value).toBe("Hello"));
  });

  it("keeps what was typed since", async () => {
    let refuse = (_taken: boolean) => {};
    send.mockReturnValue(new Promise<boolean>((resolve) => (refuse = resolve)));
    const input = field();
    type(input, "Hello");
    fireEvent.submit(input);
    type(input, "Next");
    refuse(false);
    await Promise.resolve();
    expect(input.value).toBe("Next");
  });
});
