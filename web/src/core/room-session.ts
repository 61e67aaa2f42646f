import type {
  ClientAck,
  ClientEvent,
  ClientPayload,
  Joined,
  Knocking,
  Offered,
  RoomNode,
  ServerEvent,
  Snapshot,
} from "../protocol";
import { TOKEN_REFUSALS } from "./api";
import { ApiError, noAnswer } from "./api-error";
import type { Repair } from "./media-health";
import { type MediaDeps, MediaSession, type MediaState } from "./media-session";
import { hasArrived, type MediaSample } from "./media-stats";
import { watchNetwork } from "./reconnector";
import type { ResumeTokenStore } from "./resume-token";
import { RoomNodes } from "./room-node";
import { Signalling, type SignallingDeps } from "./signalling";
import type { SocketLike } from "./socket";

export interface JoinRequest {
  roomId: string;
  invite?: string;
  /** The server that has the room, as a preview of the room named it. */
  node?: RoomNode | null;
}

export interface RoomSessionDeps extends Pick<SignallingDeps, "random">, Pick<MediaDeps, "createPeer"> {
  /** `base` is read for each attempt to connect. */
  createSocket(base: () => string): SocketLike;
  /** Rejects with ApiError. */
  findNode(roomId: string, lost: string): Promise<RoomNode>;
  resumeTokens: ResumeTokenStore;
  now(): number;
  /** Resolves to whether there is a token to try with. */
  renewToken(): Promise<boolean>;
}

export interface RoomSessionListener {
  joined(ack: Joined): void;
  /** The host lets people in one by one: this person waits for the answer. */
  knocking(ack: Knocking): void;
  /** The server refused; the session does not retry by itself. End it, or call `retry`. */
  refused(error: ApiError): void;
  /** The signalling connection is lost; it reconnects by itself. */
  lost(): void;
  event(event: ServerEvent): void;
  snapshot(snapshot: Snapshot): void;
  receiversChanged(receivers: Map<string, RTCRtpReceiver>): void;
  mediaChanged(state: MediaState): void;
  sampled(sample: MediaSample): void;
  expectations(): { othersTalk: boolean; weSend: boolean };
}

/** Rejoins after a lost connection are spread over this long, in ms; unmuted people, who can be heard, rejoin first. */
const SPREAD_MS = 150;
const MUTED_SPREAD_MS = 600;
const JOIN_TIMEOUT_MS = 6_000;
/** Asked when media has stalled: a socket that does not answer either is dead, and replacing it is cheap. */
const REPAIR_TIMEOUT_MS = 800;
/** After so long without any packet the server is asked whether it is there. Chromium's checks are 2.5 s apart. */
export const QUIET_MS = 3_000;
const QUIET_TIMEOUT_MS = 2_000;

/** One stay in a room: signalling and media, and what each does when the other is lost. */
export class RoomSession {
  readonly signalling: Signalling;
  readonly media: MediaSession;
  private readonly nodes: RoomNodes;
  private readonly unwatch: () => void;
  private renewed = false;
  /** `join` was sent on this connection and not answered yet. */
  private joining = false;
  /** The first sample since which nothing has arrived. */
  private quietSince: MediaSample | null = null;

  constructor(
    private readonly target: JoinRequest,
    private readonly deps: RoomSessionDeps,
    private readonly listener: RoomSessionListener,
  ) {
    this.nodes = new RoomNodes(
      {
        find: (lost) => deps.findNode(target.roomId, lost),
        spread: () => (listener.expectations().weSend ? SPREAD_MS : MUTED_SPREAD_MS),
        ...(deps.random ? { random: deps.random } : {}),
      },
      target.node ?? null,
    );
    const signallingDeps = {
      createSocket: () => deps.createSocket(() => this.nodes.url),
      findServer: () => this.nodes.find(),
      ...(deps.random ? { random: deps.random } : {}),
    };
    this.signalling = new Signalling(signallingDeps, {
      up: () => void this.join(),
      down: () => listener.lost(),
      refused: (error) => void this.refused(error),
      event: (event) => this.event(event),
      snapshot: (snapshot) => listener.snapshot(snapshot),
    });
    this.media = new MediaSession({
      createPeer: deps.createPeer,
      now: deps.now,
      requestOffer: (mode) => this.requestOffer(mode),
      sendAnswer: (offerId, sdp) => this.signalling.request("answer", { offerId, sdp }),
      receiversChanged: (receivers) => listener.receiversChanged(receivers),
      stateChanged: (state) => listener.mediaChanged(state),
      sampled: (sample) => this.sampled(sample),
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

  request<N extends ClientEvent>(
    event: N,
    payload: ClientPayload<N>,
    timeoutMs?: number,
  ): Promise<ClientAck<N>> {
    return this.signalling.request(event, payload, timeoutMs);
  }

  retry(atLeastMs: number): void {
    this.signalling.retry(atLeastMs);
  }

  /** While nobody talks, nothing else would notice a lost network before the socket's ping timeout. */
  private sampled(sample: MediaSample): void {
    this.listener.sampled(sample);
    const before = this.quietSince;
    const isQuiet = before !== null && !hasArrived(before, sample);
    if (isQuiet && sample.at - before.at < QUIET_MS) return;
    this.quietSince = sample;
    if (isQuiet && this.signalling.isUp) void this.signalling.probe(QUIET_TIMEOUT_MS);
  }

  private async join(): Promise<void> {
    const { roomId, invite } = this.target;
    const resumeToken = this.deps.resumeTokens.tokenFor(roomId);
    const payload = { roomId, ...(invite ? { invite } : {}), ...(resumeToken ? { resumeToken } : {}) };
    this.joining = true;
    try {
      const ack = await this.signalling.request("join", payload, JOIN_TIMEOUT_MS);
      this.joining = false;
      this.renewed = false;
      this.nodes.joined(ack.node);
      this.deps.resumeTokens.keep(roomId, ack.resumeToken);
      this.listener.joined(ack);
      this.signalling.baseline(ack.seq);
      await this.media.replace(ack.offer, ack.iceServers);
    } catch (error) {
      this.joining = false;
      if (error instanceof ApiError && error.code === "knock_required") await this.knock();
      else await this.joinFailed(error);
    }
  }

  private async knock(): Promise<void> {
    const { roomId, invite } = this.target;
    try {
      const payload = { roomId, ...(invite ? { invite } : {}) };
      const ack = await this.signalling.request("knock", payload, JOIN_TIMEOUT_MS);
      this.listener.knocking(ack);
      this.signalling.baseline(ack.seq);
    } catch (error) {
      await this.joinFailed(error);
    }
  }

  private async joinFailed(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) throw error;
    // A lost connection reconnects by itself, a silent one does not.
    if (error.code === "timeout") this.signalling.reconnect();
    else if (error.code !== "network") await this.refused(error);
  }

  /** Renews a refused token once; the listener decides about every other refusal. */
  private async refused(error: ApiError): Promise<void> {
    if (error.problem?.node) this.nodes.name(error.problem.node);
    if (TOKEN_REFUSALS.has(error.code) && !this.renewed) {
      this.renewed = true;
      if (await this.deps.renewToken()) {
        this.signalling.retry();
        return;
      }
    }
    this.listener.refused(error);
  }

  private event(event: ServerEvent): void {
    if (event.name === "room_closed" && event.reason === "moved" && this.nodes.isShared) {
      this.listener.lost();
      this.signalling.retry();
      return;
    }
    this.listener.event(event);
    if (event.name === "knock_answered" && event.answer === "admitted") void this.join();
    if (event.name === "media_offer") void this.media.replace(event.offer, event.iceServers);
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
