import { expect, it } from "vitest";
import type { Tutor } from "../protocol";
import { keepTalk, MediaRoute, readTalk } from "./talk-kept";
import { NO_PATH, type PathView } from "./talk-path";
import { NO_TALK, type TalkStage, viewOfTalk } from "./talk-state";

const tutor = (change: Partial<Tutor>) => ({ status: "ready", state: "idle", ...change }) as Tutor;
const stance = (stage: TalkStage, path: Partial<PathView>) =>
  viewOfTalk({ ...NO_TALK, stage, path: { ...NO_PATH, phase: "open", isMuted: false, ...path } }).stance;

it.each([
  ["asking", {}, "connecting"],
  ["opening", {}, "connecting"],
  ["media", { tutor: null }, "connecting"],
  ["media", { phase: "connecting" }, "connecting"],
  ["media", { tutor: tutor({ status: "starting" }) }, "connecting"],
  ["switching", {}, "switching"],
  ["socket", { tutor: null, phase: "connecting" }, "switching"],
  ["media", { tutor: tutor({ status: "resting" }) }, "waiting"],
  ["media", { tutor: tutor({}) }, "listening"],
  ["media", { tutor: tutor({}), isMuted: true }, "muted"],
  ["media", { tutor: tutor({ engines: { stt: null } as Tutor["engines"] }) }, "deaf"],
  ["socket", { tutor: tutor({ state: "listening" }) }, "hearing"],
  ["socket", { tutor: tutor({ state: "interrupted" }) }, "hearing"],
  ["socket", { tutor: tutor({ state: "thinking" }), isMuted: true }, "thinking"],
  ["socket", { tutor: tutor({ state: "speaking" }), isMuted: true }, "speaking"],
  ["socket", { tutor: tutor({ state: "speaking" }), phase: "lost" }, "reconnecting"],
  ["failed", {}, "failed"],
] as const)("in stage %s with %j the orb is %s", (stage, path, expected) => {
  expect(stance(stage, path)).toBe(expected);
});

function storage() {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
}

const KEPT = {
  userId: "ann",
  lesson: { topic: "Food", level: "B1", language: "en" },
  roomId: "r1",
  sessionId: null,
  conversationId: "c1",
  continues: false,
} as const;

it("a talk is found again by the person who had it, until it ends", () => {
  const tab = storage();
  keepTalk(tab, KEPT);
  expect(readTalk(tab, "ann")).toEqual(KEPT);
  expect(readTalk(tab, "ben")).toBeNull();
  keepTalk(tab, null);
  expect(readTalk(tab, "ann")).toBeNull();
});

it.each([
  "{",
  "null",
  "{}",
  JSON.stringify({ ...KEPT, roomId: null }),
  JSON.stringify({ ...KEPT, roomId: "a b" }),
  JSON.stringify({ ...KEPT, lesson: { topic: "Food", level: "D1", language: "en" } }),
])("what is no talk is none: %s", (text) => {
  const tab = storage();
  tab.setItem("parlor.talk", text);
  expect(readTalk(tab, "ann")).toBeNull();
});

it("a network that blocks media is remembered until it changes", () => {
  const route = new MediaRoute(storage());
  expect(route.isBlocked).toBe(false);
  route.blocked();
  expect(route.isBlocked).toBe(true);
  route.networkChanged();
  expect(route.isBlocked).toBe(false);
});
