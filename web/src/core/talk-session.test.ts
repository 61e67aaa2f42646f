import { beforeEach, describe, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { FakeMicrophone } from "../test/fake-microphone";
import { type DialogueLine, TUTOR } from "./dialogue";
import type { KeptTalk } from "./talk-kept";
import { NO_PATH, type PathView, type TalkLesson, type TalkPath } from "./talk-path";
import { type TalkDeps, TalkSession } from "./talk-session";
import type { TalkRequest } from "./talk-socket";
import { viewOfTalk } from "./talk-state";

const LESSON: TalkLesson = { topic: "Food", level: "B1", language: "en" };

class FakePath implements TalkPath {
  readonly store = createStore<PathView>(() => NO_PATH);
  readonly muted: boolean[] = [];
  startedMuted: boolean | null = null;
  ended: { keepsMicrophone?: boolean } | null = null;

  start(isMuted: boolean): void {
    this.startedMuted = isMuted;
    this.store.setState({ isMuted });
  }

  setMuted(muted: boolean): void {
    this.muted.push(muted);
  }

  async say(): Promise<boolean> {
    return true;
  }

  tutorLevel(): number {
    return -30;
  }

  retry(): void {}

  async end(options: { keepsMicrophone?: boolean } = {}): Promise<void> {
    this.ended = options;
  }

  says(...said: DialogueLine[]): void {
    this.store.setState({ phase: "open", dialogue: { lines: said, praise: null } });
  }
}

function line(speaker: string, turnId: string, text: string): DialogueLine {
  return {
    key: `${speaker}/${turnId}`,
    turnId,
    speaker,
    text,
    isOpen: true,
    confidence: null,
    spoken: null,
    messageId: null,
    feedback: [],
  };
}

let rooms: { id: string; path: FakePath; blocked(): void }[];
let requests: { request: TalkRequest; path: FakePath; changed(request: TalkRequest): void }[];
let microphone: FakeMicrophone;
let kept: KeptTalk | null;
let isBlocked: boolean;
let createRoom: ReturnType<typeof vi.fn<TalkDeps["createRoom"]>>;
let stored: DialogueLine[];
let talk: TalkSession;

beforeEach(() => {
  rooms = [];
  requests = [];
  kept = null;
  isBlocked = false;
  stored = [];
  microphone = new FakeMicrophone();
  createRoom = vi.fn<TalkDeps["createRoom"]>(async () => ({ roomId: "r1", conversationId: "c1" }));
  talk = new TalkSession({
    userId: () => "ann",
    microphone,
    route: {
      get isBlocked() {
        return isBlocked;
      },
      blocked: () => {
        isBlocked = true;
      },
    },
    createRoom,
    room: (id, blocked) => {
      const path = new FakePath();
      rooms.push({ id, path, blocked });
      return path;
    },
    socket: (request, changed) => {
      const path = new FakePath();
      requests.push({ request, path, changed });
      return path;
    },
    newSessionId: () => "s1",
    conversationOf: async (userId, sessionId) => `${userId}-${sessionId}`,
    storedLines: async () => stored,
    keep: (next) => {
      kept = next;
    },
  });
});

const settle = () => vi.waitFor(() => {});
const view = () => viewOfTalk(talk.store.getState());
const texts = () => view().dialogue.lines.map(({ text }) => text);
const room = () => rooms.at(-1) as (typeof rooms)[number];
const socket = () => requests.at(-1) as (typeof requests)[number];

async function block(): Promise<void> {
  room().blocked();
  await settle();
}

describe("a talk", () => {
  it("goes over WebRTC in a room of its own, with the microphone that the click opened", async () => {
    await talk.start(LESSON, "Practice: Food");
    expect(createRoom).toHaveBeenCalledWith(LESSON, "Practice: Food");
    expect([room().id, room().path.startedMuted, microphone.isLive]).toEqual(["r1", false, true]);
    expect(view()).toMatchObject({ stage: "media", conversationId: "c1", hasSwitched: false });
    expect(kept).toMatchObject({ userId: "ann", roomId: "r1", conversationId: "c1" });
  });

  it("that cannot begin says why, and gives the microphone back", async () => {
    createRoom.mockRejectedValue({ code: "too_many_tutors" });
    await talk.start(LESSON, "");
    expect(view()).toMatchObject({ stage: "failed", error: { code: "too_many_tutors" } });
    expect([microphone.isLive, kept]).toEqual([false, null]);
    createRoom.mockResolvedValue({ roomId: "r2", conversationId: "c2" });
    await talk.start(LESSON, "");
    expect(view()).toMatchObject({ stage: "media", error: null });
  });

  it("that was ended while the browser asked for the microphone opens nothing", async () => {
    const start = talk.start(LESSON, "");
    talk.end();
    await start;
    expect([rooms.length, microphone.isLive, view().stage]).toEqual([0, false, "ended"]);
  });

  it("ends with its path, and cannot be resumed; closed with the page, it can", async () => {
    await talk.start(LESSON, "");
    talk.close();
    expect(room().path.ended).toEqual({});
    expect(kept).not.toBeNull();
    await talk.start(LESSON, "");
    talk.end();
    expect([kept, view().stage]).toEqual([null, "ended"]);
  });

  it("that its path gave up says why, and can be resumed", async () => {
    await talk.start(LESSON, "");
    room().path.store.setState({ phase: "closed", trouble: { kind: "replaced" } });
    expect(view()).toMatchObject({ stage: "failed", stance: "failed", trouble: { kind: "replaced" } });
    expect(kept).not.toBeNull();
  });
});

describe("where no media gets through", () => {
  it("the talk goes on over a WebSocket with its topic, level, words and conversation", async () => {
    await talk.start(LESSON, "");
    room().path.says(line(TUTOR, "g", "Hello!"), line("p1", "t1", "I like tea."));
    await block();
    expect(room().path.ended).toEqual({ keepsMicrophone: true });
    expect(socket().request).toEqual({ lesson: LESSON, conversation: "c1", sessionId: "s1" });
    expect(socket().path.startedMuted).toBe(false);
    socket().path.says(line(TUTOR, "t2", "And then?"));
    expect(texts()).toEqual(["Hello!", "I like tea.", "And then?"]);
    expect(view()).toMatchObject({ stage: "socket", hasSwitched: true, conversationId: "c1" });
    expect(view().dialogue.lines[1]).toMatchObject({ isOpen: false });
    expect(kept).toMatchObject({ roomId: null, sessionId: "s1", conversationId: "c1", continues: true });
    expect(isBlocked).toBe(true);
  });

  it("a talk in which only the tutor spoke begins anew: its greeting was not heard", async () => {
    await talk.start(LESSON, "");
    room().path.says(line(TUTOR, "g", "Hello!"));
    await block();
    expect(socket().request.conversation).toBeNull();
    socket().path.says(line(TUTOR, "g2", "Hello again!"));
    expect(texts()).toEqual(["Hello again!"]);
    await settle();
    expect(view().conversationId).toBe("ann-s1");
    expect(kept).toMatchObject({ conversationId: "ann-s1", continues: false });
  });

  it("a muted talk stays muted", async () => {
    await talk.start(LESSON, "");
    room().path.store.setState({ isMuted: true });
    await block();
    expect(socket().path.startedMuted).toBe(true);
  });

  it("the next talk does not wait to find out", async () => {
    isBlocked = true;
    await talk.start(LESSON, "");
    expect([rooms.length, createRoom.mock.calls.length]).toEqual([0, 0]);
    expect(view()).toMatchObject({ stage: "socket", hasSwitched: true });
  });

  it("a talk that was ended meanwhile stays ended", async () => {
    await talk.start(LESSON, "");
    room().blocked();
    talk.end();
    await settle();
    expect([requests.length, view().stage]).toEqual([0, "ended"]);
  });

  it("a conversation that does not go on is the session's own from then on", async () => {
    await talk.start(LESSON, "");
    room().path.says(line("p1", "t1", "I like tea."));
    await block();
    socket().changed({ ...socket().request, conversation: null });
    await settle();
    expect(view().conversationId).toBe("ann-s1");
  });
});

describe("after a reload", () => {
  const fromBefore = (): KeptTalk => ({
    userId: "ann",
    lesson: LESSON,
    roomId: "r1",
    sessionId: null,
    conversationId: "c1",
    continues: false,
  });

  it("the talk goes on in its room, with the words that are stored", async () => {
    stored = [line("ann", "t1", "I like tea.")];
    await talk.resume(fromBefore());
    room().path.says(line("p1", "t1", "I like tea."), line(TUTOR, "t1", "Why?"));
    expect([room().id, texts()]).toEqual(["r1", ["I like tea.", "Why?"]]);
  });

  it("the talk goes on in its session, with the conversation that it continued", async () => {
    await talk.resume({ ...fromBefore(), roomId: null, sessionId: "s7", continues: true });
    expect(socket().request).toEqual({ lesson: LESSON, conversation: "c1", sessionId: "s7" });
    await talk.close();
    await talk.resume({ ...fromBefore(), roomId: null, sessionId: "s7" });
    expect(socket().request.conversation).toBeNull();
  });
});
