import type {
  ClientAck,
  ClientEvent,
  ClientPayload,
  Joined,
  Knocking,
  RoomNode,
  ServerEvent,
} from "../protocol";
import { TOKEN_REFUSALS } from "./api";
import { ApiError } from "./api-error";
import { watchNetwork } from "./reconnector";
import {
  type ConnectionRole,
  JOIN_TIMEOUT_MS,
  type JoinRequest,
  NO_ROLE,
  RoomConnection,
  type RoomConnectionDeps,
} from "./room-connection";
import { type Moved, RoomMove } from "./room-move";
import { RoomNodes } from "./room-node";
import type { RoomState } from "./room-state";

export interface RoomSessionDeps extends RoomConnectionDeps {
  /** Rejects with ApiError. */
  findNode(roomId: string, lost: string): Promise<RoomNode>;
  /** Resolves to whether there is a token to try with. */
  renewToken(): Promise<boolean>;
}

export interface RoomSessionListener extends Omit<ConnectionRole, "up" | "down" | "refused"> {
  joined(ack: Joined): void;
  /** The host lets people in one by one: this person waits for the answer. */
  knocking(ack: Knocking): void;
  /** The server refused; the session does not retry by itself. End it, or call `retry`. */
  refused(error: ApiError): void;
  /** The signalling connection is lost; it reconnects by itself. */
  lost(): void;
  /** The server reaches nothing but its clients, and no other one has the room. */
  cutOff(): void;
  /** The next server's state of this person's microphone, before the switch. */
  muted(isMuted: boolean, byHost: boolean): void;
  /** Audio of the next server, to be played once `moved` is called. */
  receiversPrepared(receivers: Map<string, RTCRtpReceiver>): void;
  /** The room is at another server now: its state there, and what happened there meanwhile. */
  moved(room: RoomState, events: readonly ServerEvent[]): void;
}

/** Rejoins after a lost connection are spread over this long, in ms; unmuted people, who can be heard, rejoin first. */
const SPREAD_MS = 150;
const MUTED_SPREAD_MS = 600;
/** ms for which the former server still gets our audio: others may not have switched yet. */
export const FORMER_KEPT_MS = 1_000;
const MOVING_RETRIES = 3;
const MAX_MOVING_RETRY_S = 1;

/** One stay in a room, at one server, and at two for a moment while the room moves. */
export class RoomSession {
  /** Of the present connection. */
  private readonly role: ConnectionRole;
  private connection: RoomConnection;
  private move: RoomMove | null = null;
  private readonly former = new Map<RoomConnection, ReturnType<typeof setTimeout>>();
  private readonly nodes: RoomNodes;
  private readonly unwatch: () => void;
  private track: MediaStreamTrack | null = null;
  private renewed = false;
  private hasSeat = false;
  private isClosed = false;

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
    this.role = {
      ...listener,
      up: () => void this.join(),
      down: () => this.lost(),
      refused: (error) => void this.judge(error),
      event: (event) => this.event(event),
    };
    this.connection = this.connect();
    this.unwatch = watchNetwork(() => {
      for (const { signalling, media } of this.connections()) {
        void signalling.probe();
        media.networkChanged();
      }
    });
  }

  open(): void {
    this.connection.signalling.open();
  }

  close(): void {
    this.isClosed = true;
    this.unwatch();
    this.move?.close();
    this.move = null;
    this.connection.close();
    for (const [connection, timer] of this.former) {
      clearTimeout(timer);
      connection.close();
    }
    this.former.clear();
  }

  /** Nobody is to hear us, or be heard, from now on; signalling goes on. */
  closeMedia(): void {
    for (const { media } of [...this.connections(), ...this.former.keys()]) media.close();
  }

  setTrack(track: MediaStreamTrack | null): void {
    this.track = track;
    for (const { media } of [...this.connections(), ...this.former.keys()]) media.setTrack(track);
  }

  stats(): Promise<RTCStatsReport> | null {
    return this.connection.media.stats();
  }

  probe(): void {
    void this.connection.signalling.probe();
  }

  /** While the room moves, its next server gets the request; a mute acts at both. Rejects with ApiError. */
  async request<N extends ClientEvent>(
    event: N,
    payload: ClientPayload<N>,
    timeoutMs?: number,
  ): Promise<ClientAck<N>> {
    for (let attempt = 0; ; attempt++) {
      const { move } = this;
      // Its answer is that the room is moving; the next server gets it too.
      if (move && isMute(event, payload))
        this.connection.signalling.request(event, payload, timeoutMs).catch(() => {});
      const hasArrived = move !== null && (await move.arrived);
      const { signalling } = hasArrived && this.move ? this.move.connection : this.connection;
      try {
        return await signalling.request(event, payload, timeoutMs);
      } catch (error) {
        const waitMs = untilMoved(error);
        if (waitMs === null || attempt >= MOVING_RETRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  retry(atLeastMs: number): void {
    this.connection.signalling.retry(atLeastMs);
  }

  private lost(): void {
    if (this.move) this.leaveToMove(this.move);
    else this.listener.lost();
  }

  private event(event: ServerEvent): void {
    if (event.name === "room_moving") this.moving(event.node);
    else if (event.name === "room_closed" && event.reason === "moved" && this.nodes.isShared) this.hasMoved();
    else this.listener.event(event);
    if (event.name === "knock_answered" && event.answer === "admitted") void this.join();
    if (event.name === "media_offer") void this.connection.media.replace(event.offer, event.iceServers);
  }

  // Joining

  private async join(): Promise<void> {
    const { connection } = this;
    try {
      const ack = await connection.join(this.target);
      this.renewed = false;
      this.hasSeat = true;
      this.nodes.joined(ack.node);
      this.listener.joined(ack);
      await connection.enter(ack);
    } catch (error) {
      if (error instanceof ApiError && error.code === "knock_required") await this.knock();
      else await this.joinFailed(error);
    }
  }

  private async knock(): Promise<void> {
    const { roomId, invite } = this.target;
    const { signalling } = this.connection;
    try {
      const payload = { roomId, ...(invite ? { invite } : {}) };
      const ack = await signalling.request("knock", payload, JOIN_TIMEOUT_MS);
      this.listener.knocking(ack);
      signalling.baseline(ack.seq);
    } catch (error) {
      await this.joinFailed(error);
    }
  }

  private async joinFailed(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) throw error;
    // A lost connection reconnects by itself, a silent one does not.
    if (error.code === "timeout") this.connection.signalling.reconnect();
    else if (error.code !== "network") await this.judge(error);
  }

  /** Renews a refused token once; the listener decides about every other refusal. */
  private async judge(error: ApiError): Promise<void> {
    if (error.problem?.node) this.nodes.name(error.problem.node);
    if (TOKEN_REFUSALS.has(error.code) && !this.renewed) {
      this.renewed = true;
      if (await this.deps.renewToken()) {
        this.connection.signalling.retry();
        return;
      }
    }
    // The refused renewal says until when, and how to object.
    if (error.code === "banned") void this.deps.renewToken();
    this.listener.refused(error);
  }

  // Moving to another server

  private moving(node: RoomNode | null): void {
    if (node === null) void this.look();
    else this.follow(node);
  }

  private follow(node: RoomNode): void {
    if (this.hasSeat) this.moveTo(node);
    else {
      // Somebody who waits at the door knocks there.
      this.nodes.name(node);
      this.connection.signalling.retry();
    }
  }

  private async look(): Promise<void> {
    const node = await this.nodes.elsewhere();
    if (this.isClosed || this.move) return;
    if (node) this.follow(node);
    else this.listener.cutOff();
  }

  private hasMoved(): void {
    if (this.move) this.leaveToMove(this.move);
    else {
      this.listener.lost();
      this.connection.signalling.retry();
    }
  }

  private moveTo(node: RoomNode): void {
    this.move?.close();
    this.move = new RoomMove(
      node,
      this.target,
      {
        muted: (isMuted, byHost) => this.listener.muted(isMuted, byHost),
        prepared: (receivers) => this.listener.receiversPrepared(receivers),
        moved: (moved) => this.moved(moved),
        ended: (event) => this.listener.event(event),
        failed: () => this.moveFailed(),
      },
      (base, role) => {
        const connection = new RoomConnection(this.deps, base, role);
        connection.media.setTrack(this.track);
        return connection;
      },
    );
  }

  private moved({ node, connection, room, events, receivers }: Moved): void {
    const former = this.connection;
    this.move = null;
    this.connection = connection;
    connection.role = this.role;
    this.nodes.joined(node);
    this.listener.receiversChanged(receivers);
    this.listener.moved(room, events);
    this.listener.mediaChanged("ok");
    const close = () => {
      clearTimeout(this.former.get(former));
      this.former.delete(former);
      former.close();
    };
    former.role = { ...NO_ROLE, down: close };
    this.former.set(former, setTimeout(close, FORMER_KEPT_MS));
  }

  /** The present server is lost, or ends, before the next one is ready. */
  private leaveToMove(move: RoomMove): void {
    this.connection.signalling.close();
    move.hurry();
  }

  private moveFailed(): void {
    this.move = null;
    if (this.connection.signalling.isUp) return;
    this.connection.close();
    this.connection = this.connect();
    this.connection.media.setTrack(this.track);
    this.listener.lost();
    this.retry(0);
  }

  private connect(): RoomConnection {
    return new RoomConnection(
      this.deps,
      () => this.nodes.url,
      this.role,
      () => this.nodes.find(),
    );
  }

  private connections(): RoomConnection[] {
    return this.move ? [this.connection, this.move.connection] : [this.connection];
  }
}

function isMute<N extends ClientEvent>(event: N, payload: ClientPayload<N>): boolean {
  return event === "set_muted" && "muted" in payload && payload.muted === true;
}

/** ms after which to repeat a request that was refused because the room moves; null for any other error. */
function untilMoved(error: unknown): number | null {
  if (!(error instanceof ApiError) || error.code !== "unavailable") return null;
  const seconds = error.problem?.retryAfter;
  return seconds && seconds <= MAX_MOVING_RETRY_S ? seconds * 1_000 : null;
}
