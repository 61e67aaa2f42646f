import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { renderUi } from "../../test/render";
import { Helplines } from "./Helplines";

it("shows numbers to read and to tap, and the page of each line", () => {
  renderUi(
    <Helplines
      lines={[
        { name: "Samaritans", phone: "116 123", url: "https://www.samaritans.org" },
        { name: "findahelpline.com", phone: null, url: "https://findahelpline.com" },
      ]}
    />,
  );
  expect(screen.getByRole("link", { name: "116 123" }).getAttribute("href")).toBe("tel:116123");
  expect(screen.getByRole("link", { name: "Samaritans" }).getAttribute("href")).toBe(
    "https://www.samaritans.org",
  );
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "Samaritans: 116 123",
    "findahelpline.com",
  ]);
});
