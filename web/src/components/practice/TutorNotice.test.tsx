import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Tutor } from "../../protocol";
import { renderUi } from "../../test/render";
import { TutorNotice } from "./TutorNotice";

vi.mock("../../hooks", () => ({ useIsRecognizing: () => false }));

it("tells in the room too that no tutor speaks its language, and what would bring one", () => {
  const tutor = { status: "untaught", language: "de", engines: null, fallbacks: [] } as unknown as Tutor;
  renderUi(<TutorNotice tutor={tutor} />);
  expect(screen.getByRole("status").textContent).toContain("There is no tutor for German here");
  expect(screen.getByRole("status").textContent).toContain("set a key");
});
