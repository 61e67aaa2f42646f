import type { MediaSample } from "./media-stats";

/**
 * Decides when media must be mended, and how. `disconnected` alone means little and is waited out; packets that
 * stop while somebody talks, or reports on our own voice that stop, mean a dead path at once. An ICE restart costs
 * a healthy call nothing, so it is tried first and early; a new connection follows when it did not help.
 */
export interface HealthInput extends MediaSample {
  state: RTCPeerConnectionState;
  /** Somebody whose audio is sent to us is talking, as the server says. */
  othersTalk: boolean;
  /** Our microphone is open. */
  weSend: boolean;
}

export type Repair = "ice" | "full";

export interface Health {
  phase: "connecting" | "healthy" | "restarting" | "replacing";
  since: number;
  packetsIn: number;
  checksAnswered: number;
  /** When packets last came, or were last not to be expected. */
  inboundOkAt: number;
  reportAt: number | null;
  /** When a report last came (our clock), or was last not to be expected. */
  outboundOkAt: number;
  /** ms between reports; null until two came. */
  reportEvery: number | null;
  packetsOut: number;
  disconnectedAt: number | null;
  /** Something arrived since the repair began. */
  alive: boolean;
}

/** Longer than a talker's pauses under DTX (a packet every 400 ms). */
export const INBOUND_STALL_MS = 700;
/** With the browser's own word that the path is gone (Firefox knows at once). */
export const DISCONNECTED_STALL_MS = 300;
export const OUTBOUND_STALL_MS = 2_000;
export const DISCONNECTED_WAIT_MS = 3_000;
export const ICE_PATIENCE_MS = 4_000;
export const CONNECT_PATIENCE_MS = 8_000;

/** A connection that has just been made: its first patience runs from `now`. */
export function freshHealth(now: number): Health {
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

export function checkHealth(before: Health, input: HealthInput): { health: Health; repair: Repair | null } {
  const health = observe(before, input);
  switch (health.phase) {
    case "connecting":
    case "replacing":
      if (input.state === "connected") return become(health, "healthy", input.at);
      return overdue(health, input, CONNECT_PATIENCE_MS) ? replace(health, input.at) : steady(health);
    case "restarting":
      if (health.alive && input.state === "connected" && !isStalled(health, input))
        return become(health, "healthy", input.at);
      return overdue(health, input, ICE_PATIENCE_MS) ? replace(health, input.at) : steady(health);
    case "healthy":
      if (input.state === "closed") return replace(health, input.at);
      return isBroken(health, input) ? restart(health, input.at) : steady(health);
  }
}

/** The network changed: mend before anything shows. Not while another repair runs. */
export function networkChanged(health: Health, now: number): { health: Health; repair: Repair | null } {
  return health.phase === "healthy" ? restart(health, now) : steady(health);
}

export function restart(health: Health, now: number): { health: Health; repair: Repair } {
  return { health: { ...health, phase: "restarting", since: now, alive: false }, repair: "ice" };
}

export function replace(health: Health, now: number): { health: Health; repair: Repair } {
  return { health: { ...health, phase: "replacing", since: now, alive: false }, repair: "full" };
}

function observe(before: Health, input: HealthInput): Health {
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

function isStalled(health: Health, input: HealthInput): boolean {
  const patience = input.state === "disconnected" ? DISCONNECTED_STALL_MS : INBOUND_STALL_MS;
  if (input.at - health.inboundOkAt >= patience) return true;
  if (health.reportEvery === null) return false;
  return input.at - health.outboundOkAt >= Math.max(OUTBOUND_STALL_MS, 2.2 * health.reportEvery);
}

function isBroken(health: Health, input: HealthInput): boolean {
  const { disconnectedAt } = health;
  const gone = disconnectedAt !== null && input.at - disconnectedAt >= DISCONNECTED_WAIT_MS;
  return input.state === "failed" || gone || isStalled(health, input);
}

function overdue(health: Health, input: HealthInput, patience: number): boolean {
  return input.state === "closed" || input.at - health.since >= patience;
}

function become(health: Health, phase: Health["phase"], now: number): { health: Health; repair: null } {
  return { health: { ...health, phase, since: now, inboundOkAt: now, outboundOkAt: now }, repair: null };
}

function steady(health: Health): { health: Health; repair: null } {
  return { health, repair: null };
}
