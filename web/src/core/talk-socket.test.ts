import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeMicrophone } from "../test/fake-microphone";
import { FakeWebSocket } from "../test/fake-web-socket";
import type { TalkLesson } from "./talk-path";
import { type TalkRequest, TalkSocket } from "./talk-socket";

class TalkWebSocket extends FakeWebSocket {
  override readyState = 1;

  get speech(): unknown[] {
    return this.sent.filter((one) => one instanceof Int16Array);
  }
}

const LESSON: TalkLesson = { topic: "Food", level: "B1", language: "en" };
const OPENED = {
  type: "TalkOpened",
  tutor_name: "Emma",
  topic: "Food",
  level: "B1",
  engines: { stt: null, llm: { name: "l", vendor: "v", isCloud: false }, tts: null },
};
const PCM = new Int16Array(1_600);
const error = (code: string) => ({ type: "Error", sequence_id: 1, code, description: "Words." });
const text = (words: string, isFinal = false, spoken: string | null = null) => ({
  type: "TalkText",
  part: { turnId: "t1", text: words, isFinal, spoken, messageId: null, helplines: null },
});
const transcript = (words: string, isFinal: boolean) => ({
  type: "TalkTranscript",
  part: { participantId: "ann", turnId: "t1", text: words, isFinal, confidence: null },
});

let sockets: TalkWebSocket[];
let requests: TalkRequest[];
let isReachable: boolean;
let played: string[];
let speak: (pcm: Int16Array<ArrayBuffer>) => void;
let microphone: FakeMicrophone;
let path: TalkSocket;
let changed: TalkRequest[];

beforeEach(async () => {
  vi.useFakeTimers();
  sockets = [];
  requests = [];
  played = [];
  changed = [];
  isReachable = true;
  microphone = new FakeMicrophone();
  await microphone.start();
  make(null);
});

afterEach(async () => {
  await path.end();
  vi.useRealTimers();
});

function make(conversation: string | null): void {
  const deps = {
    open: async (request: TalkRequest) => {
      requests.push(request);
      if (!isReachable) throw new Error("unreachable");
      sockets.push(new TalkWebSocket());
      return socket() as unknown as WebSocket;
    },
    player: () => ({
      open: () => {},
      add: (bytes: ArrayBuffer) => void played.push(`${bytes.byteLength}`),
      finish: () => void played.push("finish"),
      stop: () => void played.push("stop"),
      close: () => {},
      level: () => -20,
    }),
    microphone,
    capture: async (_track: unknown, heard: typeof speak) => {
      speak = heard;
      return () => {};
    },
    now: () => Date.now(),
    random: () => 0,
  };
  const request = { sessionId: "s1", conversation, lesson: LESSON };
  path = new TalkSocket(deps, request, (next) => changed.push(next));
}

const socket = () => sockets.at(-1) as TalkWebSocket;
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const view = () => path.store.getState();
const lines = () => view().dialogue.lines.map((line) => line.text);

async function begin(isMuted = false): Promise<void> {
  path.start(isMuted);
  await later(0);
  socket().say(OPENED);
}

describe("a talk", () => {
  it("is open once the tutor listens, and shows what a room shows", async () => {
    await begin();
    expect(view().phase).toBe("open");
    expect(view().tutor).toMatchObject({ name: "Emma", topic: "Food", level: "B1", status: "ready" });
    socket().say({ type: "TalkState", state: "listening" });
    socket().say(transcript("I like", false));
    socket().say(transcript("I like tea.", true));
    socket().say(text("So do "));
    socket().say(text("I."));
    socket().say(text("", true, "So do I."));
    expect(view().tutor?.state).toBe("listening");
    expect(lines()).toEqual(["I like tea.", "So do I."]);
    expect(view().dialogue.lines.every((line) => !line.isOpen)).toBe(true);
  });

  it("plays the reply, and is silent at once when it was interrupted", async () => {
    await begin();
    socket().say({ type: "AudioStart", turn_index: 0, format: "linear16" });
    socket().say(new ArrayBuffer(960));
    expect(path.tutorLevel()).toBe(-20);
    socket().say({ type: "AudioEnd", turn_index: 0, interrupted: true });
    socket().say(new ArrayBuffer(2));
    expect(played).toEqual(["960", "stop"]);
    expect(path.tutorLevel()).toBe(-100);
    socket().say({ type: "AudioStart", turn_index: 1, format: "linear16" });
    socket().say(new ArrayBuffer(4));
    socket().say({ type: "AudioEnd", turn_index: 1, interrupted: false });
    expect(played).toEqual(["960", "stop", "4", "finish"]);
  });

  it("ignores what is no message of the protocol", async () => {
    await begin();
    for (const bad of ["{", "null", "5", '{"type":"Later"}']) socket().onmessage?.({ data: bad });
    expect(view().phase).toBe("open");
  });

  it("sends typed words", async () => {
    expect(await path.say("Hello.")).toBe(false);
    await begin();
    expect(await path.say("Hello.")).toBe(true);
    expect(socket().sent).toEqual([{ type: "Say", text: "Hello." }]);
  });
});

describe("the microphone", () => {
  it("is sent while it is open, and nothing while it is muted", async () => {
    await begin();
    speak(PCM);
    path.setMuted(true);
    speak(PCM);
    expect(microphone.isOpen).toBe(false);
    path.setMuted(false);
    speak(PCM);
    expect(socket().speech).toHaveLength(2);
    expect(microphone.isOpen).toBe(true);
  });

  it("stays closed in a talk that begins muted, and where the device was refused", async () => {
    await begin(true);
    speak(PCM);
    expect([view().isMuted, microphone.isOpen, socket().speech.length]).toEqual([true, false, 0]);
    await path.end();
    microphone.available = false;
    make(null);
    await begin(false);
    expect([view().isMuted, microphone.isOpen]).toEqual([true, false]);
  });

  it("mutes when the device is lost, and only a click asks for it again", async () => {
    await begin();
    microphone.stop();
    expect(view().isMuted).toBe(true);
    await microphone.start();
    await later(0);
    expect([view().isMuted, microphone.isOpen]).toEqual([true, false]);
    microphone.stop();
    path.setMuted(false);
    await later(0);
    expect([view().isMuted, microphone.isOpen]).toEqual([false, true]);
  });

  it("is not opened by a connection that comes back", async () => {
    await begin(true);
    microphone.gate.length = 0;
    socket().drop(1006);
    await later(1_000);
    socket().say(OPENED);
    expect(microphone.gate).toEqual([]);
    expect(view()).toMatchObject({ phase: "open", isMuted: true });
  });

  it("does not fill the browser's memory where the network takes nothing", async () => {
    await begin();
    socket().bufferedAmount = 200 << 10;
    speak(PCM);
    expect(socket().speech).toEqual([]);
  });

  it("is released with the talk, but not for the path that follows", async () => {
    await begin();
    await path.end({ keepsMicrophone: true });
    expect([microphone.isLive, microphone.isOpen]).toEqual([true, false]);
    make(null);
    await begin();
    await path.end();
    expect(microphone.isLive).toBe(false);
    expect(socket().closedWith).toBe(1000);
  });
});

describe("a connection that is lost", () => {
  it("is opened again with the same session, and what was being said stays", async () => {
    await begin();
    socket().say(text("I was just say"));
    socket().drop(1006);
    expect(view().phase).toBe("lost");
    expect(view().dialogue.lines).toMatchObject([{ text: "I was just say", isOpen: false }]);
    await later(1_000);
    socket().say(OPENED);
    expect(view().phase).toBe("open");
    expect(requests.map((request) => request.sessionId)).toEqual(["s1", "s1"]);
    expect(lines()).toEqual(["I was just say"]);
  });

  it("is noticed by silence, and by a browser that goes offline", async () => {
    await begin();
    await later(5_000);
    expect(socket().sent).toEqual([{ type: "KeepAlive" }]);
    await later(10_500);
    expect(sockets.length).toBeGreaterThan(1);
    socket().say(OPENED);
    window.dispatchEvent(new Event("offline"));
    expect(view().phase).toBe("lost");
  });

  it("is not cut while the server waits for a worker", async () => {
    path.start(false);
    await later(30_000);
    expect(sockets).toHaveLength(1);
    await later(10_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it("is given up where no attempt ever reached the server", async () => {
    isReachable = false;
    path.start(false);
    await later(60_000);
    expect(view()).toMatchObject({ phase: "closed", trouble: { kind: "unreachable" } });
    expect(requests).toHaveLength(5);
    expect(microphone.isLive).toBe(false);
  });

  it("is not given up in a talk that was open", async () => {
    await begin();
    isReachable = false;
    socket().drop(1006);
    await later(60_000);
    expect(view().phase).toBe("lost");
    isReachable = true;
    path.retry();
    await later(0);
    socket().say(OPENED);
    expect(view().phase).toBe("open");
  });
});

describe("a server that closes", () => {
  it("asks to try later, which happens by itself", async () => {
    path.start(false);
    await later(0);
    socket().say(error("UNAVAILABLE"));
    socket().drop(1013);
    expect(view().trouble).toEqual({ kind: "busy" });
    await later(1_000);
    socket().say(OPENED);
    expect(view()).toMatchObject({ phase: "open", trouble: null });
  });

  it.each([
    [1008, "SESSION_ENDED", { kind: "refused", code: "session_ended" }],
    [1011, "UNAVAILABLE", { kind: "refused", code: "unavailable" }],
    [4001, "REPLACED", { kind: "replaced" }],
    [1000, "IDLE", { kind: "idle" }],
  ])("with %i ends the talk and releases the microphone", async (code, word, trouble) => {
    await begin();
    socket().say(error(word));
    socket().drop(code);
    await later(60_000);
    expect(view()).toMatchObject({ phase: "closed", trouble, isMuted: true });
    expect(sockets).toHaveLength(1);
    expect(microphone.isLive).toBe(false);
  });

  it("because the conversation does not go on gets a session of its own", async () => {
    make("c1");
    path.start(false);
    await later(0);
    socket().say(error("CONVERSATION_NOT_FOUND"));
    socket().drop(1008);
    await later(0);
    socket().say(OPENED);
    expect(requests.map((request) => request.conversation)).toEqual(["c1", null]);
    expect(changed).toMatchObject([{ sessionId: "s1", conversation: null }]);
    expect(view().phase).toBe("open");
  });
});
