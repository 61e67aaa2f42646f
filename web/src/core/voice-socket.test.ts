import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeWebSocket } from "../test/fake-web-socket";
import { VoiceSocket } from "./voice-socket";

let sockets: FakeWebSocket[];
let isReachable: boolean;
let attempts: number[];
let codes: number[];
let probes: number;
let goesOn: boolean;
let voice: VoiceSocket;

beforeEach(() => {
  vi.useFakeTimers();
  [sockets, attempts, codes, probes] = [[], [], [], 0];
  isReachable = goesOn = true;
  voice = new VoiceSocket(
    {
      open: async () => {
        attempts.push(Date.now());
        if (!isReachable) throw new Error("unreachable");
        sockets.push(new FakeWebSocket());
        return socket() as unknown as WebSocket;
      },
      now: () => Date.now(),
      random: () => 0,
    },
    {
      probeMs: 5_000,
      silenceMs: 12_000,
      opened: () => {},
      received: () => {},
      probe: () => {
        probes += 1;
      },
      lost: (code) => {
        codes.push(code);
        return goesOn;
      },
    },
  );
});

afterEach(() => {
  voice.stop();
  vi.useRealTimers();
});

const socket = () => sockets.at(-1) as FakeWebSocket;
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const network = (event: "online" | "offline") => window.dispatchEvent(new Event(event));

async function begin(): Promise<void> {
  voice.start();
  await later(0);
  socket().accept();
  voice.ready();
}

/** ms from each attempt to the one before it. */
function waits(): number[] {
  return attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0));
}

describe("a session whose server was killed", () => {
  it("is opened again at once, and then later each time", async () => {
    await begin();
    await later(11_000);
    isReachable = false;
    attempts = [Date.now()];
    socket().drop(1006);
    await later(15_000);
    expect(waits()).toEqual([0, 300, 1_200, 2_700, 4_800, 4_800]);
  });

  it("is opened again at once when the network is back", async () => {
    await begin();
    isReachable = false;
    network("offline");
    expect(codes).toEqual([1006]);
    await later(10_000);
    const count = attempts.length;
    isReachable = true;
    network("online");
    await later(0);
    expect(attempts).toHaveLength(count + 1);
    expect(sockets).toHaveLength(2);
  });

  it("that asks to try later is tried soon, and then later each time", async () => {
    await begin();
    await later(11_000);
    attempts = [Date.now()];
    for (let refusal = 0; refusal < 6; refusal += 1) {
      const { length } = sockets;
      socket().drop(1013);
      while (sockets.length === length) await later(100);
    }
    expect(waits()).toEqual([200, 1_000, 3_000, 6_000, 12_000, 12_000]);
  });
});

describe("a connection", () => {
  it("that never lasts is opened later each time, also if each is ready for a moment", async () => {
    await begin();
    attempts = [];
    for (let failure = 0; failure < 4; failure += 1) {
      const { length } = sockets;
      socket().drop(1011);
      await later(0);
      while (sockets.length === length) await later(100);
      voice.ready();
    }
    expect(waits()).toEqual([300, 1_200, 2_700]);
  });

  it("is asked for a sign of life when the network has changed, and cut without an answer", async () => {
    await begin();
    network("online");
    expect(probes).toBe(1);
    socket().say({ type: "pong" });
    await later(4_500);
    expect(sockets).toHaveLength(2);
  });

  it("that answers after the network has changed is kept", async () => {
    await begin();
    network("online");
    await later(100);
    socket().say({ type: "pong" });
    await later(4_500);
    expect(sockets).toHaveLength(1);
  });

  it("that is not to go on, or was stopped, is never opened again", async () => {
    await begin();
    goesOn = false;
    socket().drop(1008);
    network("online");
    await later(60_000);
    expect(sockets).toHaveLength(1);
    await begin();
    voice.stop();
    expect(socket().closedWith).toBe(1000);
    network("online");
    await later(60_000);
    expect(sockets).toHaveLength(2);
    expect(codes).toEqual([1008]);
  });
});
