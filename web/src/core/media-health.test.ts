import { expect, test } from "vitest";
import {
  CONNECT_PATIENCE_MS,
  checkHealth,
  freshHealth,
  type HealthInput,
  ICE_PATIENCE_MS,
  type MediaHealth,
  networkChanged,
  type Repair,
} from "./media-health";

const STEP_MS = 100;

/** A path on virtual time: what flows is set by the test. */
class Path {
  at = 0;
  health: MediaHealth = { ...freshHealth(0), phase: "healthy" };
  readonly repairs: [Repair, number][] = [];
  state: RTCPeerConnectionState = "connected";
  inFlows = true;
  outFlows = true;
  checks = true;
  othersTalk = false;
  weSend = false;
  private input = { packetsIn: 0, packetsOut: 0, checksAnswered: 0, reportAt: null as number | null };

  run(ms: number): void {
    for (const end = this.at + ms; this.at < end; ) {
      this.at += STEP_MS;
      if (this.inFlows && this.othersTalk) this.input.packetsIn += 25;
      if (this.weSend) this.input.packetsOut += 25;
      if (this.checks) this.input.checksAnswered += 1;
      if (this.outFlows && this.weSend && this.at % 1_000 === 0) this.input.reportAt = this.at;
      const { health, repair } = checkHealth(this.health, this.sample());
      this.health = health;
      if (repair) this.repairs.push([repair, this.at]);
    }
  }

  private sample(): HealthInput {
    const { at, state, othersTalk, weSend } = this;
    const rest = { packetsLost: 0, jitterMs: 0, lossOut: null, rttMs: null };
    return { at, state, othersTalk, weSend, ...rest, ...this.input };
  }
}

test("does not repair a healthy connection that is silent", () => {
  const path = new Path();
  path.run(60_000);
  path.othersTalk = true;
  path.weSend = true;
  path.run(60_000);
  expect(path.repairs).toEqual([]);
});

test("`disconnected` is waited out for 3 s", () => {
  const path = new Path();
  path.state = "disconnected";
  path.run(2_500);
  path.state = "connected";
  path.run(5_000);
  expect(path.repairs).toEqual([]);
  path.state = "disconnected";
  path.run(3_500);
  expect(path.repairs.map(([mode]) => mode)).toEqual(["ice"]);
});

test.each([
  ["connected", 1_000],
  ["disconnected", 500],
] as const)("packets that stop while somebody talks restart ICE soon: %s, %s ms", (state, within) => {
  const path = new Path();
  path.othersTalk = true;
  path.run(5_000);
  path.inFlows = false;
  path.checks = false;
  path.state = state;
  const cut = path.at;
  path.run(3_000);
  expect(path.repairs).toHaveLength(1);
  expect(path.repairs[0]?.[0]).toBe("ice");
  expect((path.repairs[0]?.[1] ?? 0) - cut).toBeLessThanOrEqual(within);
});

test("missing reports on our audio restart ICE, but not while muted", () => {
  const path = new Path();
  path.weSend = true;
  path.run(5_000);
  path.weSend = false;
  path.run(20_000);
  expect(path.repairs).toEqual([]);
  path.weSend = true;
  path.run(5_000);
  path.outFlows = false;
  const cut = path.at;
  path.run(3_500);
  expect(path.repairs.map(([mode]) => mode)).toEqual(["ice"]);
  expect((path.repairs[0]?.[1] ?? 0) - cut).toBeLessThanOrEqual(3_500);
});

test("a successful ICE restart ends the repair", () => {
  const path = new Path();
  path.othersTalk = true;
  path.run(2_000);
  path.inFlows = false;
  path.checks = false;
  path.run(1_500);
  path.inFlows = true;
  path.checks = true;
  path.run(30_000);
  expect(path.repairs).toHaveLength(1);
  expect(path.health.phase).toBe("healthy");
});

test("replaces the connection 4 s after an ICE restart without effect, repeatedly", () => {
  const path = new Path();
  path.othersTalk = true;
  path.run(2_000);
  path.inFlows = false;
  path.checks = false;
  path.run(1_500 + ICE_PATIENCE_MS + CONNECT_PATIENCE_MS);
  expect(path.repairs.map(([mode]) => mode)[0]).toBe("ice");
  const [ice, full] = path.repairs;
  expect(full?.[0]).toBe("full");
  expect((full?.[1] ?? 0) - (ice?.[1] ?? 0)).toBe(ICE_PATIENCE_MS);
});

test("`failed` is acted on at once", () => {
  const path = new Path();
  path.state = "failed";
  path.run(STEP_MS);
  expect(path.repairs).toEqual([["ice", STEP_MS]]);
});

test("a change of network restarts ICE once, and not while another repair runs", () => {
  const first = networkChanged({ ...freshHealth(0), phase: "healthy" }, 10);
  expect(first.repair).toBe("ice");
  expect(networkChanged(first.health, 20).repair).toBeNull();
  expect(networkChanged(freshHealth(0), 20).repair).toBeNull();
});
