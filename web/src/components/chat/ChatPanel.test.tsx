import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import type { CallHook } from "../../hooks";
import type { ChatLine, Room } from "../../protocol";
import { chatLine, participant, room } from "../../test/builders";
import { renderUi } from "../../test/render";
import { ChatPanel } from "./ChatPanel";

const send = vi.hoisted(() => vi.fn());
vi.mock("../../hooks", async () => ({
  ...(await import("../../core/chat")),
  canSpeak: () => false,
  useSend: () => send,
}));

function Panel({ call, shown }: { call: Partial<CallHook>; shown: Room }) {
  const [draft, setDraft] = useState("");
  const whole = { phase: "joined", chat: [], isLeading: false, ...call } as unknown as CallHook;
  return <ChatPanel call={whole} room={shown} me={participant()} draft={draft} onDraft={setDraft} />;
}

const show = (chat: ChatLine[], call: Partial<CallHook> = {}, change: Partial<Room> = {}) =>
  renderUi(<Panel call={{ chat, ...call }} shown={room(change)} />);
const field = () => screen.getByRole("textbox", { name: "Write to everyone" });

beforeEach(() => send.mockReset().mockResolvedValue(true));

it("sends with Enter, and begins a new line with Shift", async () => {
  show([]);
  await userEvent.type(field(), "  b-r-e{Shift>}{Enter}{/Shift}a-d {Enter}");
  expect(send.mock.calls).toEqual([["send_chat", { text: "b-r-e\na-d" }]]);
  expect(field()).toHaveProperty("value", "");
  await userEvent.type(field(), "   {Enter}");
  expect(send).toHaveBeenCalledOnce();
});

it("gives refused words back", async () => {
  send.mockResolvedValue(false);
  show([]);
  await userEvent.type(field(), "hello{Enter}");
  expect(field()).toHaveProperty("value", "hello");
});

it("shows links as words unless the room allows them", () => {
  const line = chatLine({ text: "see https://example.org/a" });
  const { unmount } = show([line]);
  expect(screen.queryByRole("link")).toBeNull();
  expect(screen.getByText("see https://example.org/a")).toBeTruthy();
  unmount();
  show([line], {}, { linksAllowed: true });
  expect(screen.getByRole("link").getAttribute("rel")).toContain("noopener");
});

it("offers to delete a line to the host and co-hosts alone", async () => {
  const { unmount } = show([chatLine()]);
  expect(screen.queryByRole("button", { name: /Delete/ })).toBeNull();
  unmount();
  show([chatLine()], { isLeading: true });
  await userEvent.click(screen.getByRole("button", { name: "Delete the message of Ana: Hello" }));
  expect(send.mock.calls).toEqual([["delete_chat", { lineId: "l1" }]]);
});

it("takes no words while the chat is off or the connection lost", () => {
  const { unmount } = show([], {}, { chatOpen: false });
  expect(screen.getByText("The host has turned the chat off.")).toBeTruthy();
  expect(field()).toHaveProperty("disabled", true);
  unmount();
  show([], { phase: "reconnecting" });
  expect(field()).toHaveProperty("disabled", true);
});
