import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeMicrophone } from "../test/fake-microphone";
import { FakeWebSocket } from "../test/fake-web-socket";
import type { ChunkEvents } from "./chunk-player";
import { ClassSession } from "./class-session";

class ClassSocket extends FakeWebSocket {
  kinds(): unknown[] {
    return this.sent.map((message) => (message as { type: unknown }).type);
  }
}

const PLACE = { courseId: "1", module: 2, subTopic: 3, language: "en" };
const READY = { type: "stt_ready", message: "", sample_rate: 16_000, language: "en", features: [] };
const lesson = (sentence: number) => ({
  type: "agent_response",
  text: "Some text.",
  metadata: { kind: "lesson", sentence },
});
const chunk = (text: string) => ({
  type: "audio_chunk",
  chunk_id: 0,
  audio_data: btoa(text),
  size: text.length,
});

let sockets: ClassSocket[];
let isReachable: boolean;
let played: { text: string; tag: number | null }[];
let stops: number;
let events: ChunkEvents<number | null>;
let speak: (pcm: Int16Array<ArrayBuffer>) => void;
let endCapture: ReturnType<typeof vi.fn>;
let microphone: FakeMicrophone;
let session: ClassSession;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  isReachable = true;
  played = [];
  stops = 0;
  microphone = new FakeMicrophone();
  endCapture = vi.fn();
  session = new ClassSession(PLACE, {
    open: async () => {
      if (!isReachable) throw new Error("unreachable");
      sockets.push(new ClassSocket());
      return socket() as unknown as WebSocket;
    },
    player: (given) => {
      events = given;
      return {
        open: () => {},
        add: (file, tag) => void played.push({ text: new TextDecoder().decode(file), tag }),
        stop: () => {
          stops += 1;
        },
        close: () => {},
      };
    },
    microphone,
    capture: async (_track, heard) => {
      speak = heard;
      return endCapture as () => void;
    },
    now: () => Date.now(),
    random: () => 0,
  });
});

afterEach(() => {
  session.close();
  vi.useRealTimers();
});

const socket = () => sockets.at(-1) as ClassSocket;
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

async function begin(sentence = 0): Promise<void> {
  session.start(sentence);
  await later(0);
  socket().accept();
  socket().say(lesson(sentence));
}

describe("a class", () => {
  it("begins at the wanted sentence, with its sound tagged by sentences", async () => {
    await begin(4);
    expect(socket().sent).toEqual([
      {
        type: "start_class",
        course_id: "1",
        module_index: 2,
        sub_topic_index: 3,
        sentence: 4,
        language: "en",
        interactive_mode: true,
      },
    ]);
    socket().say(chunk("a"));
    socket().say(lesson(5));
    socket().say(chunk("b"));
    expect(played).toEqual([
      { text: "a", tag: 4 },
      { text: "b", tag: 5 },
    ]);
    events.started(5);
    expect(session.store.getState().sentence).toBe(5);
  });

  it("is silent at once when somebody speaks", async () => {
    await begin();
    const before = stops;
    socket().say({ type: "tts_interrupted", message: "" });
    expect(stops).toBe(before + 1);
    socket().say(chunk("answer"));
    expect(played).toEqual([{ text: "answer", tag: null }]);
  });

  it("that is stopped closes its connection and the microphone, and does not come back", async () => {
    await begin();
    await session.setMicrophone(true);
    session.stop();
    await later(60_000);
    expect(sockets).toHaveLength(1);
    expect(socket().closedWith).toBe(1000);
    expect(microphone.isLive).toBe(false);
    expect(endCapture).toHaveBeenCalled();
    expect(session.store.getState().phase).toBe("stopped");
  });

  it("that is stopped while it connects opens no class", async () => {
    session.start(0);
    session.stop();
    await later(60_000);
    expect(socket().closedWith).toBeUndefined();
    expect(socket().readyState).toBe(3);
    expect(session.store.getState().phase).toBe("stopped");
  });

  it("survives what is no message", async () => {
    await begin();
    for (const data of ["{", "[]", "null", "7", new ArrayBuffer(3)]) socket().onmessage?.({ data });
    expect(session.store.getState().phase).toBe("teaching");
  });
});

describe("a lost connection", () => {
  it("is opened again at the sentence that was heard", async () => {
    await begin();
    events.started(7);
    socket().drop(1006);
    await later(1_000);
    socket().accept();
    expect(sockets).toHaveLength(2);
    expect(socket().sent[0]).toMatchObject({ type: "start_class", sentence: 7 });
  });

  it("that cannot be opened is tried again and again", async () => {
    isReachable = false;
    session.start(0);
    await later(20_000);
    expect(session.store.getState()).toMatchObject({ phase: "connecting", trouble: { kind: "lost" } });
    isReachable = true;
    await later(5_000);
    expect(sockets).toHaveLength(1);
  });

  it("is noticed by its silence", async () => {
    await begin();
    await later(19_000);
    expect(socket().kinds()).toContain("get_metrics");
    expect(sockets).toHaveLength(1);
    await later(12_000);
    expect(sockets[0]?.readyState).toBe(3);
    expect(sockets).toHaveLength(2);
  });

  it("that the server refused stays closed", async () => {
    await begin();
    await session.setMicrophone(true);
    socket().drop(1008);
    await later(60_000);
    expect(sockets).toHaveLength(1);
    expect(microphone.isLive).toBe(false);
  });
});

describe("the microphone", () => {
  it("is off until it is turned on", async () => {
    await begin();
    expect(microphone.isLive).toBe(false);
    expect(session.speech.getState().isOn).toBe(false);
  });

  it("is sent once the server recognises speech", async () => {
    await begin();
    await session.setMicrophone(true);
    await later(0);
    expect(microphone.isOpen).toBe(true);
    expect(socket().kinds()).toEqual(["start_class", "stt_stream_start"]);
    speak(new Int16Array([1]));
    expect(socket().kinds()).not.toContain("stt_audio_chunk");
    socket().say(READY);
    speak(new Int16Array([1, -2]));
    expect(socket().sent.at(-1)).toEqual({ type: "stt_audio_chunk", audio: "AQD+/w==" });
  });

  it("that is refused is off again", async () => {
    microphone.available = false;
    await begin();
    await session.setMicrophone(true);
    expect(session.speech.getState().isOn).toBe(false);
  });

  it("is asked for again on a new connection", async () => {
    await begin();
    await session.setMicrophone(true);
    await later(0);
    socket().drop(1006);
    await later(1_000);
    socket().accept();
    expect(socket().kinds()).toEqual(["start_class", "stt_stream_start"]);
  });

  it("that is lost is off", async () => {
    await begin();
    await session.setMicrophone(true);
    await later(0);
    microphone.tracks.emit(null);
    expect(session.speech.getState().isOn).toBe(false);
    expect(endCapture).toHaveBeenCalled();
  });
});
