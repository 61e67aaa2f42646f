import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeMicrophone } from "../test/fake-microphone";
import { FakeWebSocket } from "../test/fake-web-socket";
import type { KeptCoach } from "./coach-kept";
import { CoachSession } from "./coach-session";
import { MAX_FAILURES } from "./coach-state";

class CoachSocket extends FakeWebSocket {
  /** The session has a worker. */
  open(stt: unknown = { name: "s", vendor: "v", isCloud: false }): void {
    this.accept();
    this.say({
      type: "opened",
      engines: { stt, llm: { name: "l", vendor: "v", isCloud: false }, tts: null },
    });
    this.say({ type: "pong" });
  }
}

const KEPT: KeptCoach = { id: "s1", topic: "Food and restaurants", difficulty: "beginner", language: "vi" };

let sockets: CoachSocket[];
let microphone: FakeMicrophone;
let session: CoachSession;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  microphone = new FakeMicrophone();
  session = new CoachSession({
    open: async () => {
      sockets.push(new CoachSocket());
      return socket() as unknown as WebSocket;
    },
    player: () => ({ open() {}, add() {}, finish() {}, stop() {}, close() {} }),
    microphone,
    capture: async () => () => {},
    now: () => Date.now(),
    random: () => 0,
  });
});

afterEach(() => {
  session.end();
  vi.useRealTimers();
});

const socket = () => sockets.at(-1) as CoachSocket;
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const view = () => session.store.getState();

async function begin(stt?: unknown): Promise<void> {
  session.start(KEPT);
  await later(0);
  socket().open(stt);
  await later(0);
}

describe("a session that fails on the server", () => {
  it("is opened again a few times, later each time, and then given up until the learner asks", async () => {
    await begin();
    const times: number[] = [];
    for (let failure = 1; failure < MAX_FAILURES; failure += 1) {
      const [count, at] = [sockets.length, Date.now()];
      socket().drop(1011);
      while (sockets.length === count) await later(10);
      times.push(Date.now() - at);
      socket().open();
    }
    socket().drop(1011);
    await later(600_000);
    expect(sockets).toHaveLength(MAX_FAILURES);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThan(1_000);
    expect(view()).toMatchObject({ phase: "failed", trouble: { kind: "broken" } });
    await begin();
    expect(view()).toMatchObject({ phase: "ready", trouble: null });
  });

  it("counts anew once a connection has lasted", async () => {
    await begin();
    for (let failure = 0; failure < 3 * MAX_FAILURES; failure += 1) {
      await later(11_000);
      socket().drop(1011);
      await later(100);
      socket().open();
    }
    expect(view().phase).toBe("ready");
  });

  it("and says why before it is open is not opened again", async () => {
    session.start(KEPT);
    await later(0);
    socket().accept();
    socket().say({ type: "error", message: "There is no tutor for this language." });
    socket().drop(1011);
    await later(600_000);
    expect(sockets).toHaveLength(1);
    expect(view().trouble).toEqual({ kind: "broken", text: "There is no tutor for this language." });
    expect(microphone.isLive).toBe(false);
  });
});

describe("a session that goes on", () => {
  it("sends its topic and difficulty on each connection, and shows what was said before once it is open", async () => {
    const past = vi.fn(async () => [{ kind: "learner", text: "Before." } as const]);
    session.start(KEPT, past);
    await later(0);
    expect(past).not.toHaveBeenCalled();
    socket().open();
    await later(0);
    expect(view().lines).toMatchObject([{ kind: "learner", text: "Before." }]);
    socket().drop(1006);
    await later(100);
    socket().open();
    await later(0);
    expect(past).toHaveBeenCalledOnce();
    expect(view().lines).toHaveLength(1);
    expect(socket().sent).toEqual([
      { type: "set_topic", topic: "Food and restaurants" },
      { type: "set_difficulty", level: "beginner" },
      { type: "ping" },
    ]);
  });
});

describe("typed words", () => {
  it("are sent in the learner's turn alone", async () => {
    session.start(KEPT);
    await later(0);
    expect(session.say("Too early")).toBe(false);
    socket().open();
    await later(0);
    expect(session.say("Xin chào")).toBe(true);
    expect(session.say("Too soon")).toBe(false);
    expect(socket().sent.at(-1)).toEqual({ type: "say", text: "Xin chào" });
    expect(view().phase).toBe("processing");
  });

  it("are all there is where no engine hears the learner: the microphone is closed", async () => {
    await begin(null);
    expect(view()).toMatchObject({ phase: "ready", engines: { stt: null } });
    expect(microphone.isLive).toBe(false);
    session.press();
    expect(view().phase).toBe("ready");
    expect(microphone.isLive).toBe(false);
    expect(session.say("Xin chào")).toBe(true);
  });
});
