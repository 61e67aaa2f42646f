import type { IceServer, Offer, Offered } from "../protocol";
import { ApiError } from "./api-error";
import {
  checkHealth,
  connected,
  freshHealth,
  type MediaHealth,
  negotiationFailed,
  networkChanged,
  type Repair,
  replace,
} from "./media-health";
import type { MediaSample } from "./media-stats";
import { type CreatePeer, PeerLink } from "./peer-link";

export interface MediaDeps {
  createPeer: CreatePeer;
  now(): number;
  /** Rejects with ApiError. */
  requestOffer(mode: Repair): Promise<Offered>;
  sendAnswer(offerId: string, sdp: string): Promise<unknown>;
  /** Another connection carries the audio now. */
  receiversChanged(receivers: Map<string, RTCRtpReceiver>): void;
  stateChanged(state: MediaState): void;
  sampled(sample: MediaSample): void;
  expectations(): { othersTalk: boolean; weSend: boolean };
}

/**
 * Whether audio flows, as far as we can tell. `connecting`: not yet, and that takes long. `lost`: it flowed before.
 * `unreachable`: it has not flowed for so long that the network probably blocks it.
 */
export type MediaState = "ok" | "connecting" | "lost" | "unreachable";

export const SAMPLE_MS = 300;
/** ms without audio until each state is reported: most repairs end before anybody hears a gap. */
const REPORT_MS = {
  first: { connecting: 4_000, unreachable: 8_000 },
  later: { lost: 1_500, unreachable: 20_000 },
} as const;

/** The media of one call: the connection that carries it, the next one while it is set up, and their repair. */
export class MediaSession {
  private current: PeerLink | null = null;
  private next: PeerLink | null = null;
  private health: MediaHealth;
  private track: MediaStreamTrack | null = null;
  private readonly timer: ReturnType<typeof setInterval>;
  /** Negotiations run one after another; a newer offer cancels those that wait. */
  private work: Promise<void> = Promise.resolve();
  private newest = "";
  private closed = false;
  private sampling = false;
  private repairing = false;
  private reported: MediaState = "ok";
  private hasConnected = false;
  private brokenAt: number | null = null;

  constructor(private readonly deps: MediaDeps) {
    this.health = freshHealth(deps.now());
    this.timer = setInterval(() => void this.check(), SAMPLE_MS);
  }

  setTrack(track: MediaStreamTrack | null): void {
    this.track = track;
    // A link that has no mid 0 yet takes the track when it answers; a closed one needs none.
    for (const link of [this.current, this.next]) link?.setTrack(track).catch(() => {});
  }

  /** Sets up a new connection. The current one is closed when the new one is connected. */
  replace(offer: Offer, iceServers: readonly IceServer[]): Promise<void> {
    this.health = this.current ? replace(this.health, this.deps.now()).health : freshHealth(this.deps.now());
    return this.enqueue(offer, async () => {
      this.next?.close();
      const link = new PeerLink(this.deps.createPeer, iceServers, (state) => this.changed(link, state));
      this.next = link;
      await this.negotiate(link, offer);
    });
  }

  /** After a change of network: restarts ICE before anybody notices. */
  networkChanged(): void {
    const { health, repair } = networkChanged(this.health, this.deps.now());
    this.health = health;
    if (repair) void this.repair(repair);
  }

  stats(): Promise<RTCStatsReport> | null {
    return (this.current ?? this.next)?.stats() ?? null;
  }

  close(): void {
    this.closed = true;
    clearInterval(this.timer);
    this.current?.close();
    this.next?.close();
    this.current = null;
    this.next = null;
  }

  private changed(link: PeerLink, state: RTCPeerConnectionState): void {
    if (this.closed) return;
    if (link === this.next && state === "connected") this.promote(link);
    if (link === this.current && state === "failed") void this.check();
  }

  private promote(link: PeerLink): void {
    const old = this.current;
    this.current = link;
    this.next = null;
    this.health = connected(this.health, this.deps.now());
    this.hasConnected = true;
    this.deps.receiversChanged(link.receivers());
    this.report();
    old?.close();
  }

  private restart(offer: Offer): Promise<void> {
    return this.enqueue(offer, async () => {
      if (this.current) await this.negotiate(this.current, offer);
    });
  }

  private enqueue(offer: Offer, negotiation: () => Promise<void>): Promise<void> {
    this.newest = offer.id;
    this.work = this.work.then(async () => {
      if (this.closed || this.newest !== offer.id) return;
      await negotiation().catch((error) => this.negotiationFailed(offer, error));
    });
    return this.work;
  }

  private async negotiate(link: PeerLink, offer: Offer): Promise<void> {
    const sdp = await link.answer(offer.sdp, () => this.track);
    if (this.closed || this.newest !== offer.id) return;
    await this.deps.sendAnswer(offer.id, sdp);
  }

  /** The server refused the answer, or the browser the offer. A missing ack is left to signalling, which reconnects. */
  private negotiationFailed(offer: Offer, error: unknown): void {
    if (this.closed || this.newest !== offer.id) return;
    const unanswered = error instanceof ApiError && error.status === 0;
    if (!unanswered) this.health = negotiationFailed(this.health);
  }

  private async check(): Promise<void> {
    const link = this.current ?? this.next;
    if (this.sampling || this.repairing || this.closed || !link) return;
    this.sampling = true;
    try {
      const sample = await link.sample(this.deps.now());
      if (this.closed || link !== (this.current ?? this.next)) return;
      this.deps.sampled(sample);
      // While the next connection is set up, its state counts and the state of the old one means nothing.
      const state = this.next ? this.next.state : link.state;
      const { health, repair } = checkHealth(this.health, { ...sample, state, ...this.deps.expectations() });
      this.health = health;
      this.report();
      if (repair) await this.repair(repair);
    } finally {
      this.sampling = false;
    }
  }

  private async repair(mode: Repair): Promise<void> {
    if (this.repairing) return;
    this.repairing = true;
    try {
      const { offer, iceServers } = await this.deps.requestOffer(mode);
      if (this.closed) return;
      if (mode === "ice") await this.restart(offer);
      else await this.replace(offer, iceServers);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Lost signalling reconnects with a `join`, whose ack has an offer. After a refused restart only a new
      // connection can help, without waiting.
      if (mode === "ice" && error.status !== 0) this.health = negotiationFailed(this.health, 0);
    } finally {
      this.repairing = false;
    }
  }

  private report(): void {
    const now = this.deps.now();
    this.brokenAt = this.health.phase === "healthy" ? null : (this.brokenAt ?? now);
    const state = this.brokenAt === null ? "ok" : stateAfter(now - this.brokenAt, this.hasConnected);
    if (state === this.reported) return;
    this.reported = state;
    this.deps.stateChanged(state);
  }
}

function stateAfter(ms: number, hasConnected: boolean): MediaState {
  const { first, later } = REPORT_MS;
  if (ms >= (hasConnected ? later : first).unreachable) return "unreachable";
  if (hasConnected) return ms >= later.lost ? "lost" : "ok";
  return ms >= first.connecting ? "connecting" : "ok";
}
