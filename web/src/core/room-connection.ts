import type { Joined, Offered, RoomNode, ServerEvent, Snapshot } from "../protocol";
import { ApiError, noAnswer } from "./api-error";
import type { Repair } from "./media-health";
import { type MediaDeps, MediaSession, type MediaState } from "./media-session";
import { hasArrived, type MediaSample } from "./media-stats";
import type { ResumeTokenStore } from "./resume-token";
import { Signalling, type SignallingDeps } from "./signalling";
import type { SocketLike } from "./socket";

export interface JoinRequest {
  roomId: string;
  invite?: string;
  /** The server that has the room, as a preview of the room named it. */
  node?: RoomNode | null;
}

export interface RoomConnectionDeps
  extends Pick<SignallingDeps, "random">,
    Pick<MediaDeps, "createPeer" | "now"> {
  /** `base` is read for each attempt to connect. */
  createSocket(base: () => string): SocketLike;
  resumeTokens: ResumeTokenStore;
}

/** The role of a connection: the present one, the next one while the room moves, or none any more. */
export interface ConnectionRole {
  /** Signalling is connected: join. */
  up(): void;
  down(): void;
  refused(error: ApiError): void;
  event(event: ServerEvent): void;
  snapshot(snapshot: Snapshot): void;
  receiversChanged(receivers: Map<string, RTCRtpReceiver>): void;
  mediaChanged(state: MediaState): void;
  sampled(sample: MediaSample): void;
  expectations(): { othersTalk: boolean; weSend: boolean };
}

/** Of a connection that carries audio, and nothing of which matters any more. */
export const NO_ROLE: ConnectionRole = {
  up: () => {},
  down: () => {},
  refused: () => {},
  event: () => {},
  snapshot: () => {},
  receiversChanged: () => {},
  mediaChanged: () => {},
  sampled: () => {},
  expectations: () => ({ othersTalk: false, weSend: false }),
};

export const JOIN_TIMEOUT_MS = 6_000;
/** Asked when media has stalled: a socket that does not answer either is dead, and replacing it is cheap. */
const REPAIR_TIMEOUT_MS = 800;
/** After so long without any packet the server is asked whether it is there. Chromium's checks are 2.5 s apart. */
export const QUIET_MS = 3_000;
const QUIET_TIMEOUT_MS = 2_000;

/** One server's part of a stay in a room: signalling and media, and what each does when the other is lost. */
export class RoomConnection {
  readonly signalling: Signalling;
  readonly media: MediaSession;
  /** `join` was sent on this connection and not answered yet. */
  private joining = false;
  /** The first sample since which nothing has arrived. */
  private quietSince: MediaSample | null = null;

  constructor(
    private readonly deps: RoomConnectionDeps,
    base: () => string,
    public role: ConnectionRole,
    findServer?: () => Promise<void> | null,
  ) {
    const signallingDeps = {
      createSocket: () => deps.createSocket(base),
      ...(findServer ? { findServer } : {}),
      ...(deps.random ? { random: deps.random } : {}),
    };
    this.signalling = new Signalling(signallingDeps, {
      up: () => this.role.up(),
      down: () => this.role.down(),
      refused: (error) => this.role.refused(error),
      event: (event) => this.role.event(event),
      snapshot: (snapshot) => this.role.snapshot(snapshot),
    });
    this.media = new MediaSession({
      createPeer: deps.createPeer,
      now: deps.now,
      requestOffer: (mode) => this.requestOffer(mode),
      sendAnswer: (offerId, sdp) => this.signalling.request("answer", { offerId, sdp }),
      receiversChanged: (receivers) => this.role.receiversChanged(receivers),
      stateChanged: (state) => this.role.mediaChanged(state),
      sampled: (sample) => this.sampled(sample),
      expectations: () => this.role.expectations(),
    });
  }

  /** Asks for the seat. Call `enter` with the answer. Rejects with ApiError. */
  async join({ roomId, invite }: JoinRequest): Promise<Joined> {
    const resumeToken = this.deps.resumeTokens.tokenFor(roomId);
    const payload = { roomId, ...(invite ? { invite } : {}), ...(resumeToken ? { resumeToken } : {}) };
    this.joining = true;
    try {
      const ack = await this.signalling.request("join", payload, JOIN_TIMEOUT_MS);
      this.deps.resumeTokens.keep(roomId, ack.resumeToken);
      return ack;
    } finally {
      this.joining = false;
    }
  }

  /** Lets events follow the state of the ack, and connects media. */
  enter(ack: Joined): Promise<void> {
    this.signalling.baseline(ack.seq);
    return this.media.replace(ack.offer, ack.iceServers);
  }

  close(): void {
    this.media.close();
    this.signalling.close();
  }

  /** While nobody talks, nothing else would notice a lost network before the socket's ping timeout. */
  private sampled(sample: MediaSample): void {
    this.role.sampled(sample);
    const before = this.quietSince;
    const isQuiet = before !== null && !hasArrived(before, sample);
    if (isQuiet && sample.at - before.at < QUIET_MS) return;
    this.quietSince = sample;
    if (isQuiet && this.signalling.isUp) void this.signalling.probe(QUIET_TIMEOUT_MS);
  }

  private async requestOffer(mode: Repair): Promise<Offered> {
    // The answer to `join` brings an offer, which would void this one.
    if (this.joining) throw noAnswer("network");
    try {
      return await this.signalling.request("reconnect_media", { mode }, REPAIR_TIMEOUT_MS);
    } catch (error) {
      // Media and signalling are often lost together, with the network. The next `join` brings an offer too.
      if (error instanceof ApiError && error.code === "timeout") this.signalling.reconnect();
      throw error;
    }
  }
}
