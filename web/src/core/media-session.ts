import type { IceServer, Offer, Offered } from "../protocol";
import { ApiError } from "./api-error";
import { checkHealth, freshHealth, type Health, networkChanged, type Repair, replace } from "./media-health";
import type { MediaSample } from "./media-stats";
import { type CreatePeer, PeerLink } from "./peer-link";

export interface MediaDeps {
  createPeer: CreatePeer;
  now(): number;
  /** Rejects with ApiError. */
  ask(mode: Repair): Promise<Offered>;
  sendAnswer(offerId: string, sdp: string): Promise<unknown>;
  /** The connection that carries the audio has changed. */
  carried(receivers: Map<string, RTCRtpReceiver>): void;
  /** Whether audio flows, as far as we can tell. */
  healthy(ok: boolean): void;
  sampled(sample: MediaSample): void;
  expectations(): { othersTalk: boolean; weSend: boolean };
}

export const SAMPLE_MS = 300;
/** Most repairs are over before anybody hears a thing. */
const TELL_AFTER_MS = 1_500;
const TELL_FIRST_AFTER_MS = 5_000;

/** The media of one call: the connection that carries it, the next one while it is being made, and their repair. */
export class MediaSession {
  private current: PeerLink | null = null;
  private next: PeerLink | null = null;
  private health: Health;
  private track: MediaStreamTrack | null = null;
  private readonly timer: ReturnType<typeof setInterval>;
  /** Negotiations run one after another; a newer offer voids those that wait. */
  private work: Promise<void> = Promise.resolve();
  private newest = "";
  private closed = false;
  private sampling = false;
  private asking = false;
  private wasHealthy = true;
  private brokenAt: number | null = null;

  constructor(private readonly deps: MediaDeps) {
    this.health = freshHealth(deps.now());
    this.timer = setInterval(() => void this.check(), SAMPLE_MS);
  }

  setTrack(track: MediaStreamTrack | null): void {
    this.track = track;
    // A link without a mid 0 yet takes the track when it answers; a closed one needs none.
    for (const link of [this.current, this.next]) link?.setTrack(track).catch(() => {});
  }

  /** A new connection for our seat. The one before goes when this one is connected. */
  replace(offer: Offer, iceServers: readonly IceServer[]): Promise<void> {
    this.health = this.current ? replace(this.health, this.deps.now()).health : freshHealth(this.deps.now());
    return this.enqueue(offer, async () => {
      this.next?.close();
      const link = new PeerLink(this.deps.createPeer, iceServers, (state) => this.changed(link, state));
      this.next = link;
      await this.negotiate(link, offer);
    });
  }

  /** The network is another: ask for new ICE credentials before anybody notices. */
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
    this.health = { ...freshHealth(this.deps.now()), phase: "healthy" };
    this.deps.carried(link.receivers());
    this.tellHealth();
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

  /** A refused answer, or SDP that the browser refuses: health sees no connection and asks for a new one in time. */
  private negotiationFailed(offer: Offer, error: unknown): void {
    if (this.closed || this.newest !== offer.id) return;
    const unanswered = error instanceof ApiError && error.status === 0;
    if (!unanswered) this.health = { ...this.health, phase: "restarting" };
  }

  private async check(): Promise<void> {
    const link = this.current ?? this.next;
    if (this.sampling || this.asking || this.closed || !link) return;
    this.sampling = true;
    try {
      const sample = await link.sample(this.deps.now());
      if (this.closed || link !== (this.current ?? this.next)) return;
      this.deps.sampled(sample);
      // While the next one is being made, its patience counts; what the old one does says nothing.
      const state = this.next ? this.next.state : link.state;
      const { health, repair } = checkHealth(this.health, { ...sample, state, ...this.deps.expectations() });
      this.health = health;
      this.tellHealth();
      if (repair) await this.repair(repair);
    } finally {
      this.sampling = false;
    }
  }

  private async repair(mode: Repair): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      const { offer, iceServers } = await this.deps.ask(mode);
      if (this.closed) return;
      if (mode === "ice") await this.restart(offer);
      else await this.replace(offer, iceServers);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Lost signalling comes back with a `join` that brings an offer. A refused restart leaves a new connection.
      if (mode === "ice" && error.status !== 0)
        this.health = { ...this.health, phase: "restarting", since: 0 };
    } finally {
      this.asking = false;
    }
  }

  private tellHealth(): void {
    const now = this.deps.now();
    const { phase } = this.health;
    this.brokenAt = phase === "healthy" ? null : (this.brokenAt ?? now);
    const patience = phase === "connecting" ? TELL_FIRST_AFTER_MS : TELL_AFTER_MS;
    const ok = this.brokenAt === null || now - this.brokenAt < patience;
    if (ok === this.wasHealthy) return;
    this.wasHealthy = ok;
    this.deps.healthy(ok);
  }
}
