import { expect, test } from "vitest";
import type { ServerEvent } from "../protocol";
import { participant, room, snapshot } from "../test/builders";
import { roomEvents } from "./room-events";
import {
  fromSnapshot,
  hearsSomebody,
  isHost,
  participantOf,
  type RoomState,
  raisedHands,
  reduceRoom,
} from "./room-state";

const ana = participant({ id: "p-ana", joinedAt: "2026-11-20T10:05:00.000Z" });
const start = fromSnapshot(snapshot());

function play(state: RoomState, ...events: ServerEvent[]): RoomState {
  return events.reduce(reduceRoom, state);
}

test("participants are sorted longest-present first, and counted", () => {
  const early = participant({ id: "p-old", joinedAt: "2026-11-20T08:00:00.000Z" });
  const after = play(
    start,
    { name: "participant_joined", seq: 1, participant: ana },
    { name: "participant_joined", seq: 2, participant: early },
  );
  expect(after.participants.map(({ id }) => id)).toEqual(["p-old", "p-me", "p-ana"]);
  expect(after.room.participantCount).toBe(3);
  const left = play(after, { name: "participant_left", seq: 3, participantId: "p-old", reason: "left" });
  expect(left.participants.map(({ id }) => id)).toEqual(["p-me", "p-ana"]);
  expect(left.room.participantCount).toBe(2);
});

test("the tutor does not count as a person", () => {
  const tutor = participant({ id: "p-tutor", kind: "tutor" });
  expect(play(start, { name: "participant_joined", seq: 1, participant: tutor }).room.participantCount).toBe(
    1,
  );
});

test("speaking changes one participant, and an unknown one nothing", () => {
  const both = play(start, { name: "participant_joined", seq: 1, participant: ana });
  const talking = play(both, {
    name: "speaking",
    seq: 2,
    participantId: "p-ana",
    speaking: true,
    level: -20,
  });
  expect(participantOf(talking, "p-ana")?.isSpeaking).toBe(true);
  expect(participantOf(talking, "p-me")?.isSpeaking).toBe(false);
  expect(play(both, { name: "speaking", seq: 2, participantId: "p-x", speaking: true, level: -20 })).toBe(
    both,
  );
});

test("only participants in a slot count as heard", () => {
  const talker = { ...ana, isSpeaking: true };
  const both = play(start, { name: "participant_joined", seq: 1, participant: talker });
  expect(hearsSomebody(both)).toBe(false);
  const heard = play(both, { name: "slots", seq: 2, slots: [{ mid: "1", participantId: "p-ana" }] });
  expect(hearsSomebody(heard)).toBe(true);
});

test("a dominant speaker who leaves is cleared", () => {
  const state = play(
    start,
    { name: "participant_joined", seq: 1, participant: ana },
    { name: "dominant_speaker", seq: 2, participantId: "p-ana" },
    { name: "participant_left", seq: 3, participantId: "p-ana", reason: "left" },
  );
  expect(state.dominantId).toBeNull();
});

test("host is a matter of users", () => {
  expect(isHost(start)).toBe(true);
  const handed = play(start, { name: "room_updated", seq: 1, room: room({ hostId: "u-p-ana" }) });
  expect(isHost(handed)).toBe(false);
});

function eventTypes(state: RoomState, event: ServerEvent): string[] {
  return roomEvents(state, reduceRoom(state, event), event).map(({ type }) => type);
}

test("emits events of others, and of oneself only for the microphone", () => {
  const both = play(start, { name: "participant_joined", seq: 1, participant: ana });
  expect(eventTypes(start, { name: "participant_joined", seq: 1, participant: ana })).toEqual(["joined"]);
  expect(
    eventTypes(both, { name: "participant_left", seq: 2, participantId: "p-ana", reason: "left" }),
  ).toEqual(["left"]);
  const update = (change: object): ServerEvent => ({
    name: "participant_updated",
    seq: 2,
    participant: { ...ana, ...change },
    mutedByHost: false,
    handLowered: null,
  });
  expect(eventTypes(both, update({ isMuted: false }))).toEqual(["unmuted"]);
  expect(eventTypes(both, update({ handRaised: true }))).toEqual(["hand"]);
  expect(eventTypes(both, update({ connection: "disconnected" }))).toEqual(["disconnected"]);
  expect(eventTypes(both, update({ connection: "leaving" }))).toEqual(["leaving"]);
  const lost = play(both, update({ connection: "disconnected" }));
  expect(eventTypes(lost, update({ connection: "connecting" }))).toEqual(["reconnected"]);
  expect(eventTypes(lost, update({ connection: "leaving" }))).toEqual(["leaving"]);
  const ended = (reason: "left" | "timed_out"): ServerEvent => ({
    name: "participant_left",
    seq: 3,
    participantId: "p-ana",
    reason,
  });
  expect(eventTypes(lost, ended("timed_out"))).toEqual(["gone"]);
  expect(eventTypes(lost, ended("left"))).toEqual(["left"]);
  const mine = participant({ isMuted: false });
  expect(
    eventTypes(both, {
      name: "participant_updated",
      seq: 2,
      participant: mine,
      mutedByHost: false,
      handLowered: null,
    }),
  ).toEqual(["you_unmuted"]);
});

test("a hand that was lowered by the host or after speaking is reported to its owner alone", () => {
  const lowered = (id: string, handLowered: "by_host" | "spoken"): ServerEvent => ({
    name: "participant_updated",
    seq: 2,
    participant: participant({ id }),
    mutedByHost: false,
    handLowered,
  });
  expect(eventTypes(start, lowered("p-me", "by_host"))).toEqual(["your_hand_lowered_by_host"]);
  expect(eventTypes(start, lowered("p-me", "spoken"))).toEqual(["your_hand_spoken"]);
});

test("hands are in the order in which they were raised", () => {
  const hand = (id: string, at: number) =>
    participant({ id, handRaised: true, handRaisedAt: new Date(at).toISOString() });
  const people = [
    hand("late", 3_000),
    participant({ id: "down" }),
    hand("first", 1_000),
    hand("next", 1_001),
  ];
  expect(raisedHands(people).map(({ id }) => id)).toEqual(["first", "next", "late"]);
});

test("a mute by the host and a change of host are reported to the right person", () => {
  const muted: ServerEvent = {
    name: "participant_updated",
    seq: 1,
    participant: participant(),
    mutedByHost: true,
    handLowered: null,
  };
  expect(eventTypes(start, muted)).toEqual(["you_muted_by_host"]);
  const away = fromSnapshot(
    snapshot({ room: room({ hostId: "u-p-ana", participants: [participant(), ana] }) }),
  );
  const back = room({ hostId: "u-p-me", participants: [participant(), ana] });
  expect(eventTypes(away, { name: "room_updated", seq: 1, room: back })).toEqual(["you_are_host"]);
});
