import { describe, expect, it } from "vitest";
import { myself, person } from "../../dev/people";
import type { RoomEvent, RoomEventType } from "../../hooks";
import { i18n, speak } from "../../i18n";
import { chatLine } from "../../test/builders";
import { composeAnnouncement } from "./announcements";

const ALL = { joins: true, leaves: true, mutes: true, hands: true, chat: true, reactions: true };
const line = (name: string, text: string): RoomEvent => ({
  type: "chat",
  participant: null,
  line: chatLine({ name, text }),
});
const english = i18n.getFixedT("en");
const event = (type: RoomEventType, index: number): RoomEvent => ({ type, participant: person(index) });
const announcement = (events: RoomEvent[], enabled = ALL) =>
  composeAnnouncement(english, "en", events, enabled);

describe("composeAnnouncement", () => {
  it("announces a group that joins together in one sentence", () => {
    expect(announcement([event("joined", 0), event("joined", 1)])).toBe("Mateo and Aiko Tanaka joined.");
  });

  it("names three of many and counts the others", () => {
    const events = [0, 1, 2, 3, 4].map((index) => event("joined", index));
    expect(announcement(events)).toBe("Mateo, Aiko Tanaka, Fatima Zahra, and 2 others joined.");
  });

  it("announces only the leave of someone who joined and left within the batch", () => {
    expect(announcement([event("joined", 0), event("left", 0)])).toBe("Mateo left.");
  });

  it("announces someone who joined and reloads the page within the batch", () => {
    expect(announcement([event("joined", 0), event("leaving", 0)])).toBe("Mateo joined.");
    expect(announcement([event("joined", 0), event("disconnected", 0), event("reconnected", 0)])).toBe(
      "Mateo joined.",
    );
  });

  it("announces only the last of mute and unmute", () => {
    expect(announcement([event("muted", 0), event("unmuted", 0)])).toBe("Mateo unmuted.");
  });

  it.each([
    ["lost the connection and was given up", ["disconnected", "left"], "Mateo left."],
    ["closed the page", ["leaving", "left"], "Mateo left."],
    ["closed the page, the socket first", ["disconnected", "leaving"], ""],
    ["did not come back", ["gone"], "Mateo did not come back."],
  ] as const)("announces someone who %s once", (_what, types, text) => {
    expect(announcement(types.map((type) => event(type, 0)))).toBe(text);
  });

  it.each(["host", "you_are_host", "locked", "unlocked"] as const)("leaves to toasts: %s", (type) => {
    expect(announcement([event(type, 0)])).toBe("");
  });

  it("keeps joins and mutes apart", () => {
    expect(announcement([event("joined", 0), event("unmuted", 0)])).toBe("Mateo joined. Mateo unmuted.");
  });

  it.each([
    ["joins", "joined"],
    ["leaves", "left"],
    ["leaves", "gone"],
    ["mutes", "muted"],
    ["mutes", "unmuted"],
    ["hands", "hand"],
  ] as const)("says nothing of %s that are switched off (%s)", (kind, type) => {
    expect(announcement([event(type, 0)], { ...ALL, [kind]: false })).toBe("");
  });

  it("announces a mute by the host even if mutes are turned off", () => {
    const mine: RoomEvent = { type: "you_muted_by_host", participant: myself() };
    expect(announcement([mine], { ...ALL, mutes: false })).toBe("The host muted you.");
  });

  it("reads each line of the chat, and of many who wrote", () => {
    const few = [line("Ana", "b-r-e-a-d"), line("Li", "thanks")];
    expect(announcement(few)).toBe("Ana wrote: b-r-e-a-d Li wrote: thanks");
    const many = [...few, line("Ana", "2"), line("Ana", "3")];
    expect(announcement(many)).toBe("4 new messages, from Ana and Li.");
    expect(announcement(few, { ...ALL, chat: false })).toBe("");
  });

  it("says the last reaction of a person, unless that is switched off", () => {
    const bravo: RoomEvent = { ...event("reaction", 0), reaction: "bravo" };
    expect(announcement([{ ...bravo, reaction: "like" }, bravo])).toBe("Mateo: Bravo.");
    expect(announcement([bravo], { ...ALL, reactions: false })).toBe("");
  });

  it("speaks Vietnamese", async () => {
    await speak("vi");
    const vietnamese = i18n.getFixedT("vi");
    const events = [event("left", 0), event("left", 1)];
    expect(composeAnnouncement(vietnamese, "vi", events, ALL)).toBe("Mateo và Aiko Tanaka đã rời phòng.");
  });
});
