import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { CallHook } from "../../hooks";
import { participant } from "../../test/builders";
import { renderUi } from "../../test/render";
import { HiddenSpeakers } from "./HiddenSpeakers";

const ann = participant({ id: "p-ann", name: "Ann", isMuted: false, isSpeaking: true });
const bob = participant({ id: "p-bob", name: "Bob", isMuted: false, isSpeaking: true });
const me = participant({ id: "p-me", isMuted: false, isSpeaking: true });

function show(...hidden: string[]) {
  const call = { participants: [me, ann, bob] } as unknown as CallHook;
  renderUi(<HiddenSpeakers call={call} me={me} hidden={new Set(hidden)} />);
  return screen.queryByRole("button")?.textContent;
}

it("names everyone who speaks out of view, but not me", () => {
  expect(show("p-me", "p-ann", "p-bob")).toBe("Speaking: Ann and Bob");
});

it("does not name those whose tiles can be seen", () => {
  expect(show("p-bob")).toBe("Speaking: Bob");
});

it("is absent while all who speak can be seen", () => {
  expect(show("p-me")).toBeUndefined();
});
