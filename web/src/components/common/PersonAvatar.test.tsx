import { expect, it } from "vitest";
import { participant } from "../../test/builders";
import { renderUi } from "../../test/render";
import { PersonAvatar } from "./PersonAvatar";

function pictures(change: Parameters<typeof participant>[0]) {
  const { container } = renderUi(<PersonAvatar person={participant(change)} size={40} />);
  return [container.querySelectorAll("img").length, container.querySelectorAll("svg").length];
}

it("shows a person's picture", () => {
  expect(pictures({})).toEqual([1, 0]);
});

it("shows the tutor's one face, not a picture generated like a person's", () => {
  expect(pictures({ kind: "tutor" })).toEqual([0, 1]);
});
