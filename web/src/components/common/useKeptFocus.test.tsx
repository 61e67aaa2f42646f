import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { renderUi } from "../../test/render";
import { useKeptFocus } from "./useKeptFocus";

function Page() {
  const [isOpen, open] = useState(false);
  const title = useKeptFocus<HTMLHeadingElement>(isOpen);
  return (
    <>
      <h1 ref={title} tabIndex={-1}>
        A class
      </h1>
      {!isOpen && (
        <button type="button" onClick={() => open(true)}>
          Start
        </button>
      )}
      <input aria-label="Answer" onChange={() => open(true)} />
    </>
  );
}

it("gives the title the focus of a button that is gone", async () => {
  renderUi(<Page />);
  expect(document.activeElement).toBe(document.body);
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  expect(document.activeElement).toBe(screen.getByRole("heading"));
});

it("leaves the focus alone if the element that has it stays", async () => {
  renderUi(<Page />);
  const field = screen.getByLabelText("Answer");
  await userEvent.type(field, "a");
  expect(document.activeElement).toBe(field);
});
