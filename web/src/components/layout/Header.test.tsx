import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { renderUi } from "../../test/render";
import { Header } from "./Header";

it.each([
  ["/practice/words", "page"],
  ["/talk", "page"],
  ["/coach", "page"],
  ["/courses/1/0/2", "page"],
  ["/rooms", null],
  ["/coaches", null],
])("marks the link to practice at %s: %s", (path, current) => {
  renderUi(<Header />, path);
  expect(screen.getByRole("link", { name: "Practice" }).getAttribute("aria-current")).toBe(current);
});
