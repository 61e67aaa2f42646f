import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useRef } from "react";
import { expect, it, vi } from "vitest";
import { renderUi } from "../../test/render";
import { useCopy } from "./useCopy";

function Field() {
  const field = useRef<HTMLInputElement>(null);
  const { outcome, copy } = useCopy(field);
  return (
    <>
      <input ref={field} readOnly value="the link" aria-label="link" />
      <button type="button" onClick={() => void copy("the link")}>
        {outcome ?? "copy"}
      </button>
    </>
  );
}

async function press(clipboard: unknown, command: boolean) {
  const user = userEvent.setup();
  const execCommand = vi.fn(() => command);
  Object.assign(document, { execCommand });
  Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
  renderUi(<Field />);
  await user.click(screen.getByRole("button"));
  return execCommand;
}

const shows = (outcome: string) =>
  waitFor(() => expect(screen.getByRole("button").textContent).toBe(outcome));
const selected = () => {
  const field = screen.getByLabelText<HTMLInputElement>("link");
  return field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0);
};

it("uses the clipboard where there is one", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  const execCommand = await press({ writeText }, true);
  await shows("copied");
  expect(execCommand).not.toHaveBeenCalled();
});

it.each([
  ["has no clipboard", undefined],
  ["refuses it", { writeText: () => Promise.reject(new Error("no")) }],
])("copies the selected field where the browser %s", async (_what, clipboard) => {
  const execCommand = await press(clipboard, true);
  await shows("copied");
  expect(execCommand).toHaveBeenCalledExactlyOnceWith("copy");
  expect(selected()).toBe("the link");
});

it("says so and leaves the text selected if nothing copies", async () => {
  await press(undefined, false);
  await shows("refused");
  expect(selected()).toBe("the link");
});
