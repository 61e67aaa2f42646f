import type { ClientEvents, Joined, Offered, Snapshot } from "../protocol";
import { ApiError, noAnswer } from "./api-error";
import type { Repair } from "./media-health";
import { type MediaDeps, MediaSession } from "./media-session";
import type { MediaSample } from "./media-stats";
import { watchNetwork } from "./reconnector";
import type { ResumeTokenStore } from "./resume-token";
import { type ServerEvent, Signalling, type SignallingDeps } from "./signalling";
import type { JoinRequest } from "./types";

export interface RoomSessionDeps extends SignallingDeps, Pick<MediaDeps, "createPeer"> {
  memory: ResumeTokenStore;
  now(): number;
  /** Resolves to whether there is a token to try with. */
  renewToken(): Promise<boolean>;
}

export interface RoomSessionListener {
  seated(ack: Joined): void;
  /** Not seated, and not trying again by itself: end, or call `tryAgain`. */
  refused(error: ApiError): void;
  /** The signalling connection is lost; it comes back by itself. */
  lost(): void;
  event(event: ServerEvent): void;
  snapshot(snapshot: Snapshot): void;
  carried(receivers: Map<string, RTCRtpReceiver>): void;
  mediaHealthy(ok: boolean): void;
  sampled(sample: MediaSample): void;
  expectations(): { othersTalk: boolean; weSend: boolean };
}

const JOIN_TIMEOUT_MS = 6_000;
/** Asked when media stands still: a socket that is silent too is dead, and a new one costs nobody a sound. */
const REPAIR_TIMEOUT_MS = 800;
const TOKEN_TROUBLE = new Set(["unauthenticated", "token_expired"]);

/** One stay in a room: signalling and media, and what either does when the other is lost. */
export class RoomSession {
  readonly signalling: Signalling;
  readonly media: MediaSession;
  private readonly unwatch: () => void;
  private renewed = false;
  /** Asked for our seat on this connection, and not seated yet. */
  private taking = false;

  constructor(
    private readonly target: JoinRequest,
    private readonly deps: RoomSessionDeps,
    private readonly listener: RoomSessionListener,
  ) {
    this.signalling = new Signalling(deps, {
      up: () => void this.take(),
      down: () => listener.lost(),
      refused: (error) => void this.refused(error),
      event: (event) => this.event(event),
      snapshot: (snapshot) => listener.snapshot(snapshot),
    });
    this.media = new MediaSession({
      createPeer: deps.createPeer,
      now: deps.now,
      ask: (mode) => this.askForOffer(mode),
      sendAnswer: (offerId, sdp) => this.signalling.request("answer", { offerId, sdp }),
      carried: (receivers) => listener.carried(receivers),
      healthy: (ok) => listener.mediaHealthy(ok),
      sampled: (sample) => listener.sampled(sample),
      expectations: () => listener.expectations(),
    });
    this.unwatch = watchNetwork(() => {
      void this.signalling.probe();
      this.media.networkChanged();
    });
  }

  open(): void {
    this.signalling.open();
  }

  close(): void {
    this.unwatch();
    this.media.close();
    this.signalling.close();
  }

  request<N extends keyof ClientEvents>(
    event: N,
    payload: ClientEvents[N]["payload"],
    timeoutMs?: number,
  ): Promise<ClientEvents[N]["ack"]> {
    return this.signalling.request(event, payload, timeoutMs);
  }

  tryAgain(atLeastMs: number): void {
    this.signalling.retry(atLeastMs);
  }

  private async take(): Promise<void> {
    const { roomId, invite } = this.target;
    const resumeToken = this.deps.memory.tokenFor(roomId);
    const wish = { roomId, ...(invite ? { invite } : {}), ...(resumeToken ? { resumeToken } : {}) };
    this.taking = true;
    try {
      const ack = await this.signalling.request("join", wish, JOIN_TIMEOUT_MS);
      this.taking = false;
      this.renewed = false;
      this.deps.memory.keep(roomId, ack.resumeToken);
      this.listener.seated(ack);
      this.signalling.baseline(ack.seq);
      await this.media.replace(ack.offer, ack.iceServers);
    } catch (error) {
      this.taking = false;
      if (!(error instanceof ApiError)) throw error;
      // A lost connection comes back by itself. One that is silent does not.
      if (error.code === "timeout") this.signalling.reconnect();
      else if (error.code !== "network") await this.refused(error);
    }
  }

  /** A token that is not good is renewed once; the rest is for the listener to judge. */
  private async refused(error: ApiError): Promise<void> {
    if (TOKEN_TROUBLE.has(error.code) && !this.renewed) {
      this.renewed = true;
      if (await this.deps.renewToken()) {
        this.signalling.retry();
        return;
      }
    }
    this.listener.refused(error);
  }

  private event(event: ServerEvent): void {
    this.listener.event(event);
    if (event.name === "media_offer") void this.media.replace(event.offer, event.iceServers);
  }

  private async askForOffer(mode: Repair): Promise<Offered> {
    // The answer to `join` brings an offer, which this one would void.
    if (this.taking) throw noAnswer("network");
    try {
      return await this.signalling.request("reconnect_media", { mode }, REPAIR_TIMEOUT_MS);
    } catch (error) {
      // Media and signalling often go together: the network is gone. `join` brings an offer too.
      if (error instanceof ApiError && error.code === "timeout") this.signalling.reconnect();
      throw error;
    }
  }
}
