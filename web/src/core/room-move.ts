import type { ParticipantUpdated, RoomNode, ServerEvent, Snapshot } from "../protocol";
import { ApiError } from "./api-error";
import type { ConnectionRole, JoinRequest, RoomConnection } from "./room-connection";
import { fromSnapshot, participantOf, type RoomState, reduceRoom } from "./room-state";

export interface Moved {
  node: RoomNode;
  connection: RoomConnection;
  /** The room as its new server shows it. */
  room: RoomState;
  /** The events of the new server before the switch. */
  events: readonly ServerEvent[];
  receivers: Map<string, RTCRtpReceiver>;
}

export interface MoveHandlers {
  /** The new server's state of this person's microphone. */
  muted(isMuted: boolean, byHost: boolean): void;
  /** The new server's audio arrives. It is not to be heard yet. */
  prepared(receivers: Map<string, RTCRtpReceiver>): void;
  /** Switch now. */
  moved(move: Moved): void;
  /** The seat or the room has ended there. */
  ended(event: ServerEvent): void;
  failed(): void;
}

/** ms in which the new server must be reached; then the way is taken that follows a lost server. */
export const MOVE_WITHIN_MS = 6_000;
const RETRY_MS = 300;
const NOTHING_EXPECTED = { othersTalk: false, weSend: false };

/**
 * A room's move to another server: a second connection is set up while the first one still plays. It is ready once the
 * new server says that the others are connected too, or when the first one is lost.
 */
export class RoomMove implements ConnectionRole {
  readonly connection: RoomConnection;
  /** Resolves to whether the seat is taken at the new server. */
  readonly arrived: Promise<boolean>;
  private arrive: (arrived: boolean) => void = () => {};
  private readonly events: ServerEvent[] = [];
  private readonly limit: ReturnType<typeof setTimeout>;
  private room: RoomState | null = null;
  private receivers: Map<string, RTCRtpReceiver> | null = null;
  private settled = false;
  private over = false;

  constructor(
    readonly node: RoomNode,
    private readonly target: JoinRequest,
    private readonly handlers: MoveHandlers,
    connect: (base: () => string, role: ConnectionRole) => RoomConnection,
  ) {
    this.arrived = new Promise((resolve) => {
      this.arrive = resolve;
    });
    this.limit = setTimeout(() => this.fail(), MOVE_WITHIN_MS);
    this.connection = connect(() => node.url, this);
    this.connection.signalling.open();
  }

  /** The first connection is lost: there is nothing to wait for. */
  hurry(): void {
    this.settled = true;
    this.check();
  }

  /** Gives the second connection up. */
  close(): void {
    if (this.over) return;
    this.finish();
    this.connection.close();
  }

  up(): void {
    void this.join();
  }

  down(): void {}

  refused(error: ApiError): void {
    if (error.problem?.retryable) this.connection.signalling.retry(RETRY_MS);
    else this.fail();
  }

  event(event: ServerEvent): void {
    if (this.over || !this.room) return;
    if (event.name === "removed" || event.name === "room_closed") {
      this.handlers.ended(event);
      return;
    }
    this.room = reduceRoom(this.room, event);
    this.events.push(event);
    if (event.name === "participant_updated") this.updated(event);
    if (event.name === "media_offer") void this.connection.media.replace(event.offer, event.iceServers);
    if (event.name === "room_settled") this.hurry();
  }

  snapshot(snapshot: Snapshot): void {
    this.room = fromSnapshot(snapshot);
  }

  receiversChanged(receivers: Map<string, RTCRtpReceiver>): void {
    if (this.over) return;
    this.receivers = receivers;
    this.handlers.prepared(receivers);
    this.check();
  }

  mediaChanged(): void {}

  sampled(): void {}

  /** The others may not have come yet: silence means nothing. */
  expectations(): { othersTalk: boolean; weSend: boolean } {
    return NOTHING_EXPECTED;
  }

  private async join(): Promise<void> {
    try {
      const ack = await this.connection.join(this.target);
      if (this.over) return;
      this.room = fromSnapshot(ack);
      this.settled ||= !ack.isSettling;
      this.handlers.muted(participantOf(this.room, this.room.meId)?.isMuted ?? true, false);
      this.arrive(true);
      await this.connection.enter(ack);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "timeout") this.connection.signalling.reconnect();
      else if (error.code !== "network") this.refused(error);
    }
  }

  private updated({ participant, mutedByHost }: ParticipantUpdated): void {
    if (participant.id === this.room?.meId) this.handlers.muted(participant.isMuted, mutedByHost);
  }

  private check(): void {
    const { node, connection, room, events, receivers } = this;
    if (this.over || !this.settled || !room || !receivers) return;
    this.finish();
    this.handlers.moved({ node, connection, room, events, receivers });
  }

  private fail(): void {
    if (this.over) return;
    this.close();
    this.handlers.failed();
  }

  private finish(): void {
    this.over = true;
    clearTimeout(this.limit);
    this.arrive(false);
  }
}
