import { renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { i18n } from "../../i18n";
import { tutor } from "../../test/builders";
import { useTutorStateText } from "./tutor-texts";

vi.mock("../../hooks", () => ({ useIsRecognizing: () => false, useTutorOffer: () => null }));

it.each([
  ["ready", false, "Speaking"],
  ["ready", true, "Not known while you reconnect"],
  ["lost", true, "Not known while you reconnect"],
] as const)("says of a tutor (%s, server out of reach: %s): %s", async (status, isStale, text) => {
  await i18n.changeLanguage("en");
  const { result } = renderHook(() => useTutorStateText(tutor({ status, state: "speaking" }), isStale));
  expect(result.current).toBe(text);
});
