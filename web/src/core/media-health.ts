import type { MediaSample } from "./media-stats";
import { nextState, type Transitions } from "./transitions";

/**
 * Decides when to repair the media connection, and how. The state `disconnected` alone means little and is waited
 * out. Packets that stop while somebody talks, or missing reports on our own audio, mean a dead path at once. An ICE
 * restart does not disturb a healthy call, so it comes first and early; a new connection follows if it did not help.
 */
export interface HealthInput extends MediaSample {
  state: RTCPeerConnectionState;
  /** The server says that a participant whose audio is sent to us is talking. */
  othersTalk: boolean;
  /** Our microphone is open. */
  weSend: boolean;
}

export type Repair = "ice" | "full";

export type HealthPhase = "connecting" | "healthy" | "restarting" | "replacing";

/** `recovered`: media flows. `failed`: the server or the browser refused a negotiation. */
export type HealthEvent = "recovered" | "restart" | "replace" | "failed";

/** Every legal move. `healthy` keeps its phase when a new connection is confirmed a second time. */
export const HEALTH_TRANSITIONS: Transitions<HealthPhase, HealthEvent> = {
  connecting: { recovered: "healthy", replace: "replacing", failed: "restarting" },
  healthy: { recovered: "healthy", restart: "restarting", replace: "replacing", failed: "restarting" },
  restarting: { recovered: "healthy", replace: "replacing", failed: "restarting" },
  replacing: { recovered: "healthy", replace: "replacing", failed: "restarting" },
};

export interface MediaHealth {
  phase: HealthPhase;
  since: number;
  packetsIn: number;
  checksAnswered: number;
  /** When packets last arrived, or were last not expected. */
  inboundOkAt: number;
  reportAt: number | null;
  /** When a report last arrived (our clock), or was last not expected. */
  outboundOkAt: number;
  /** ms between reports; null before the second. */
  reportEvery: number | null;
  packetsOut: number;
  disconnectedAt: number | null;
  /** Something arrived since the repair began. */
  alive: boolean;
}

/** Longer than the pauses of a speaker under DTX (a packet every 400 ms). */
export const INBOUND_STALL_MS = 700;
/** If the browser reports the path as lost (Firefox does so at once). */
export const DISCONNECTED_STALL_MS = 300;
export const OUTBOUND_STALL_MS = 2_000;
export const DISCONNECTED_WAIT_MS = 3_000;
export const ICE_PATIENCE_MS = 4_000;
export const CONNECT_PATIENCE_MS = 8_000;

/** The health of a new connection, whose time to connect starts at `now`. */
export function freshHealth(now: number): MediaHealth {
  return {
    phase: "connecting",
    since: now,
    packetsIn: 0,
    checksAnswered: 0,
    inboundOkAt: now,
    reportAt: null,
    outboundOkAt: now,
    reportEvery: null,
    packetsOut: 0,
    disconnectedAt: null,
    alive: false,
  };
}

export function checkHealth(
  before: MediaHealth,
  input: HealthInput,
): { health: MediaHealth; repair: Repair | null } {
  const health = observe(before, input);
  switch (health.phase) {
    case "connecting":
    case "replacing":
      if (input.state === "connected") return recovered(health, input.at);
      return overdue(health, input, CONNECT_PATIENCE_MS) ? replace(health, input.at) : steady(health);
    case "restarting":
      if (health.alive && input.state === "connected" && !isStalled(health, input))
        return recovered(health, input.at);
      return overdue(health, input, ICE_PATIENCE_MS) ? replace(health, input.at) : steady(health);
    case "healthy":
      if (input.state === "closed") return replace(health, input.at);
      return isBroken(health, input) ? restart(health, input.at) : steady(health);
  }
}

/** After a change of network: repairs before anybody notices, unless another repair is in progress. */
export function networkChanged(
  health: MediaHealth,
  now: number,
): { health: MediaHealth; repair: Repair | null } {
  return health.phase === "healthy" ? restart(health, now) : steady(health);
}

export function restart(health: MediaHealth, now: number): { health: MediaHealth; repair: Repair } {
  return { health: begin(health, "restart", now), repair: "ice" };
}

export function replace(health: MediaHealth, now: number): { health: MediaHealth; repair: Repair } {
  return { health: begin(health, "replace", now), repair: "full" };
}

/** A negotiation was refused. A new connection follows at the time limit of an ICE restart, counted from `since`. */
export function negotiationFailed(health: MediaHealth, since = health.since): MediaHealth {
  return { ...health, phase: nextState(HEALTH_TRANSITIONS, health.phase, "failed"), since };
}

/** A new connection took over: nothing of the old one's statistics counts. */
export function connected(health: MediaHealth, now: number): MediaHealth {
  return { ...freshHealth(now), phase: nextState(HEALTH_TRANSITIONS, health.phase, "recovered") };
}

function begin(health: MediaHealth, event: "restart" | "replace", now: number): MediaHealth {
  return { ...health, phase: nextState(HEALTH_TRANSITIONS, health.phase, event), since: now, alive: false };
}

function observe(before: MediaHealth, input: HealthInput): MediaHealth {
  const arrived = input.packetsIn > before.packetsIn;
  const answered = input.checksAnswered > before.checksAnswered;
  const reported = input.reportAt !== null && input.reportAt !== before.reportAt;
  const sending = input.weSend && input.packetsOut > before.packetsOut;
  return {
    ...before,
    packetsIn: input.packetsIn,
    checksAnswered: input.checksAnswered,
    packetsOut: input.packetsOut,
    inboundOkAt: arrived || !input.othersTalk ? input.at : before.inboundOkAt,
    outboundOkAt: reported || !sending ? input.at : before.outboundOkAt,
    reportAt: input.reportAt,
    reportEvery:
      reported && before.reportAt !== null && input.reportAt !== null
        ? Math.max(0, input.reportAt - before.reportAt)
        : before.reportEvery,
    disconnectedAt: input.state === "disconnected" ? (before.disconnectedAt ?? input.at) : null,
    alive: before.alive || arrived || answered || reported,
  };
}

function isStalled(health: MediaHealth, input: HealthInput): boolean {
  const limit = input.state === "disconnected" ? DISCONNECTED_STALL_MS : INBOUND_STALL_MS;
  if (input.at - health.inboundOkAt >= limit) return true;
  if (health.reportEvery === null) return false;
  return input.at - health.outboundOkAt >= Math.max(OUTBOUND_STALL_MS, 2.2 * health.reportEvery);
}

function isBroken(health: MediaHealth, input: HealthInput): boolean {
  const { disconnectedAt } = health;
  const gone = disconnectedAt !== null && input.at - disconnectedAt >= DISCONNECTED_WAIT_MS;
  return input.state === "failed" || gone || isStalled(health, input);
}

function overdue(health: MediaHealth, input: HealthInput, limit: number): boolean {
  return input.state === "closed" || input.at - health.since >= limit;
}

function recovered(health: MediaHealth, now: number): { health: MediaHealth; repair: null } {
  const phase = nextState(HEALTH_TRANSITIONS, health.phase, "recovered");
  return steady({ ...health, phase, since: now, inboundOkAt: now, outboundOkAt: now });
}

function steady(health: MediaHealth): { health: MediaHealth; repair: null } {
  return { health, repair: null };
}
