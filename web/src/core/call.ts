import { createStore } from "zustand/vanilla";
import type {
  ClientAck,
  ClientEvent,
  ClientPayload,
  Joined,
  Problem,
  ServerEvent,
  Snapshot,
} from "../protocol";
import { ApiError, noAnswer } from "./api-error";
import {
  CALL_TRANSITIONS,
  type CallEnd,
  type CallEvent,
  type CallState,
  IDLE,
  judgeRefusal,
} from "./call-state";
import { NO_CHAT, opened, withLines } from "./chat";
import { type Dialogue, EMPTY_DIALOGUE, reduceDialogue } from "./dialogue";
import { Emitter } from "./emitter";
import { hasArrived, type MediaSample, type Quality, quality } from "./media-stats";
import type { Microphone } from "./microphone";
import { MuteControl } from "./mute";
import { noticesChanged } from "./notices";
import type { Playback } from "./playback";
import type { JoinRequest } from "./room-connection";
import { type RoomEvent, roomEvents } from "./room-events";
import { RoomSession, type RoomSessionDeps } from "./room-session";
import { fromSnapshot, hearsSomebody, participantOf, type RoomState, reduceRoom } from "./room-state";
import { standingChanged } from "./standing";
import { nextState } from "./transitions";
import { detectVoice, SILENT, type VoiceActivity } from "./voice-activity";

export interface CallDeps extends RoomSessionDeps {
  microphone: Pick<Microphone, "track" | "isLive" | "tracks" | "start" | "stop" | "setOpen" | "level">;
  playback: Pick<Playback, "prepare" | "attach" | "assign" | "detach" | "unblock">;
}

/** Client events that components send. The session sends its own; `set_muted` goes through `setMuted` only. */
export type RoomAction = Exclude<
  ClientEvent,
  | "join"
  | "knock"
  | "withdraw_knock"
  | "leave"
  | "sync"
  | "ping"
  | "answer"
  | "ice_candidate"
  | "reconnect_media"
  | "set_muted"
>;

/** Resolves to whether the server has taken it; never rejects. */
export type Send = <N extends RoomAction>(event: N, payload: ClientPayload<N>) => Promise<boolean>;

const LEAVE_TIMEOUT_MS = 1_000;
const VOICE_CHECK_MS = 100;
/** A server that is cut off says so every 5 s. */
export const CUT_OFF_SHOWN_MS = 8_000;
/** Quality is computed over this many samples, about three seconds. */
const QUALITY_SAMPLES = 10;
const UNKNOWN: Quality = { level: "unknown" };

/** The call: one at a time, through the phases of `call-state`. */
export class Call {
  readonly store = createStore<CallState>(() => IDLE);
  /** A store of its own, because it changes twice a second. */
  readonly quality = createStore<Quality>(() => UNKNOWN);
  /** The conversation with the tutor. Kept while reconnecting. */
  readonly dialogue = createStore<Dialogue>(() => EMPTY_DIALOGUE);
  readonly events = new Emitter<RoomEvent>();
  private session: RoomSession | null = null;
  private target: JoinRequest | null = null;
  private refusals = 0;
  private samples: MediaSample[] = [];
  private ownVoice: VoiceActivity = SILENT;
  private cutOffTimer: ReturnType<typeof setTimeout> | null = null;
  private voiceTimer: ReturnType<typeof setInterval> | null = null;
  private readonly mutes: MuteControl;

  constructor(private readonly deps: CallDeps) {
    this.mutes = new MuteControl({
      prepare: () => this.needMicrophone(),
      setOpen: (open) => deps.microphone.setOpen(open),
      notify: (muted) => this.requestJoined("set_muted", { muted }),
      changed: ({ isMuted, byHost }) => this.store.setState({ isMuted, mutedByHost: byHost }),
    });
    deps.microphone.tracks.on((track) => this.microphoneChanged(track));
  }

  /** Resolves once joined or ended: see `phase` and `end`. Never rejects. */
  async join(request: JoinRequest): Promise<void> {
    const { phase } = this.store.getState();
    const isTarget = this.session !== null && this.target?.roomId === request.roomId;
    if (!isTarget) {
      if (this.session) await this.leave();
      this.target = request;
      this.begin(request);
    } else if (phase === "joined") return;
    await this.settled();
  }

  /**
   * `signed_out`: the person's session has ended, so the call must too. `keepsMicrophone`: the talk goes on without the
   * room, so the device stays in use; its track is closed until it is opened there.
   */
  async leave(
    reason: "left" | "signed_out" = "left",
    { keepsMicrophone = false }: { keepsMicrophone?: boolean } = {},
  ): Promise<void> {
    const { session } = this;
    if (!session) return;
    const goodbye = this.store.getState().phase === "knocking" ? "withdraw_knock" : "leave";
    this.session = null;
    this.finish({ reason, problem: null }, keepsMicrophone);
    session.closeMedia();
    await session.request(goodbye, {}, LEAVE_TIMEOUT_MS).catch(() => {});
    session.close();
  }

  /** After `ended`: joins the same room again. While reconnecting: tries at once. */
  retry(): void {
    if (this.session) this.session.probe();
    else if (this.target) void this.join(this.target);
  }

  /** From `ended` to `idle`, when the page of the room is left. */
  reset(): void {
    if (this.store.getState().phase !== "ended") return;
    this.move("reset", IDLE);
  }

  /** This tab was in the room moments ago (a reload), so it may join again without asking. */
  canResume(roomId: string): boolean {
    return this.deps.resumeTokens.canResume(roomId);
  }

  setMuted(muted: boolean): void {
    if (muted) void this.mutes.mute();
    else if (this.store.getState().phase === "joined") void this.report(this.mutes.unmute());
  }

  toggleMute(): void {
    this.setMuted(!this.mutes.isMuted || this.mutes.isOpening);
  }

  /** Nothing is unread while the chat is shown. */
  setChatOpen(isOpen: boolean): void {
    this.store.setState(({ chatNews }) => ({ chatNews: opened(chatNews, isOpen) }));
  }

  /** Sends an action. A refusal becomes a room event of type `refused`, and false. */
  send<N extends RoomAction>(event: N, payload: ClientPayload<N>): Promise<boolean> {
    return this.report(this.requestJoined(event, payload));
  }

  /** Sends an action and resolves to its ack. Rejects with ApiError. */
  request<N extends RoomAction>(event: N, payload: ClientPayload<N>): Promise<ClientAck<N>> {
    return this.requestJoined(event, payload);
  }

  /** For browser tests. */
  stats(): Promise<RTCStatsReport> | null {
    return this.session?.stats() ?? null;
  }

  private begin(request: JoinRequest): void {
    this.refusals = 0;
    this.move("join", { end: null, room: null, chatNews: NO_CHAT, draining: false, media: "ok" });
    this.setCutOff(false);
    this.dialogue.setState(EMPTY_DIALOGUE, true);
    this.mutes.reset();
    this.deps.playback.unblock();
    // Answers may still arrive for a session that is being left.
    const ifCurrent =
      <A extends unknown[]>(act: (...args: A) => void) =>
      (...args: A) => {
        if (this.session === session) act(...args);
      };
    const session: RoomSession = new RoomSession(request, this.deps, {
      joined: ifCurrent((ack) => this.joined(ack)),
      knocking: ifCurrent(({ canBeAnswered, position }) =>
        this.move("knocking", { knocking: { roomId: request.roomId, canBeAnswered, position } }),
      ),
      refused: ifCurrent(({ problem }) => this.refused(session, problem)),
      lost: ifCurrent(() => this.lost()),
      event: ifCurrent((event) => this.event(event)),
      snapshot: ifCurrent((snapshot) => this.snapshot(snapshot)),
      cutOff: ifCurrent(() => this.setCutOff(true)),
      muted: ifCurrent((isMuted, byHost) => (byHost ? this.mutes.forced() : this.mutes.correct(isMuted))),
      receiversPrepared: ifCurrent((receivers) => this.deps.playback.prepare(receivers)),
      moved: ifCurrent((room, roomEvents) => this.moved(room, roomEvents)),
      receiversChanged: ifCurrent((receivers) => this.deps.playback.attach(receivers)),
      mediaChanged: ifCurrent((media) => this.store.setState({ media })),
      sampled: ifCurrent((sample) => this.sampled(sample)),
      expectations: () => this.expectations(),
    });
    this.session = session;
    session.setTrack(this.deps.microphone.track);
    session.open();
  }

  private settled(): Promise<void> {
    const isSettled = () => !["joining", "knocking", "reconnecting"].includes(this.store.getState().phase);
    if (isSettled()) return Promise.resolve();
    return new Promise((resolve) => {
      const unsubscribe = this.store.subscribe(() => {
        if (!isSettled()) return;
        unsubscribe();
        resolve();
      });
    });
  }

  private joined(ack: Joined): void {
    this.refusals = 0;
    this.move("joined", { draining: false, knocking: null });
    this.setCutOff(false);
    this.snapshot(ack);
    this.voiceTimer ??= setInterval(() => this.checkOwnVoice(), VOICE_CHECK_MS);
  }

  private lost(): void {
    const wasJoined = this.store.getState().phase === "joined";
    this.move("lost", {});
    if (!wasJoined) return;
    this.samples = [];
    this.quality.setState(UNKNOWN, true);
  }

  private refused(session: RoomSession, problem: Problem): void {
    this.refusals += 1;
    const verdict = judgeRefusal(problem, this.store.getState().phase, this.refusals);
    if ("end" in verdict) this.end({ reason: verdict.end, problem });
    else {
      this.lost();
      session.retry(verdict.retryAfterMs);
    }
  }

  private event(event: ServerEvent): void {
    switch (event.name) {
      case "removed":
        this.end({ reason: event.reason, problem: null });
        break;
      case "room_closed":
        this.end({ reason: event.reason === "moved" ? "room_moved" : "room_closed", problem: null });
        break;
      case "knock_answered":
        if (event.answer !== "admitted") this.end({ reason: `knock_${event.answer}`, problem: null });
        break;
      case "knock_updated":
        this.store.setState(({ knocking }) => ({
          knocking: knocking && {
            ...knocking,
            canBeAnswered: event.canBeAnswered,
            position: event.position,
          },
        }));
        break;
      case "notices":
        noticesChanged.emit(event);
        break;
      case "standing_changed":
        standingChanged.emit();
        break;
      case "server_draining":
        this.store.setState({ draining: true });
        break;
      default:
        this.roomEvent(event);
    }
  }

  private roomEvent(event: ServerEvent): void {
    const before = this.store.getState().room;
    if (!before) return;
    const after = reduceRoom(before, event);
    this.show(after);
    this.dialogue.setState((dialogue) => reduceDialogue(dialogue, event), true);
    if (event.name === "participant_updated" && event.participant.id === after.meId) {
      if (event.mutedByHost) this.mutes.forced();
      else this.mutes.correct(event.participant.isMuted);
    }
    for (const roomEvent of roomEvents(before, after, event)) this.events.emit(roomEvent);
  }

  private snapshot(snapshot: Snapshot): void {
    const { room: before } = this.store.getState();
    const room = fromSnapshot(snapshot);
    this.show({ ...room, dominantId: before?.dominantId ?? null });
    this.mutes.confirm(participantOf(room, room.meId)?.isMuted ?? true);
  }

  /** The people and their seats are the same; what others did meanwhile is shown, and not announced. */
  private moved(room: RoomState, events: readonly ServerEvent[]): void {
    this.store.setState({ draining: false });
    this.setCutOff(false);
    this.show(room);
    this.dialogue.setState((dialogue) => events.reduce(reduceDialogue, dialogue), true);
    this.mutes.correct(participantOf(room, room.meId)?.isMuted ?? true);
  }

  /** The server repeats it while it lasts. */
  private setCutOff(cutOff: boolean): void {
    if (this.cutOffTimer !== null) clearTimeout(this.cutOffTimer);
    this.cutOffTimer = cutOff ? setTimeout(() => this.setCutOff(false), CUT_OFF_SHOWN_MS) : null;
    this.store.setState({ cutOff });
  }

  private show(room: RoomState): void {
    const me = participantOf(room, room.meId)?.userId ?? null;
    this.store.setState(({ chatNews }) => ({ room, chatNews: withLines(chatNews, room.chat, me) }));
    this.deps.playback.assign(room.slots);
  }

  private end(end: CallEnd): void {
    const { session } = this;
    this.session = null;
    session?.close();
    this.finish(end);
  }

  private finish(end: CallEnd, keepsMicrophone = false): void {
    const wasInRoom = this.store.getState().room !== null;
    this.mutes.reset();
    this.deps.resumeTokens.forget();
    this.deps.playback.detach();
    // After a refused join the person is still choosing a microphone.
    if (wasInRoom && !keepsMicrophone) this.deps.microphone.stop();
    if (this.voiceTimer !== null) clearInterval(this.voiceTimer);
    this.voiceTimer = null;
    this.setCutOff(false);
    this.samples = [];
    this.quality.setState(UNKNOWN, true);
    this.move("ended", { end, knocking: null, isTalkingWhileMuted: false });
  }

  private move(event: CallEvent, change: Partial<CallState>): void {
    this.store.setState(({ phase }) => ({ ...change, phase: nextState(CALL_TRANSITIONS, phase, event) }));
  }

  private requestJoined<N extends ClientEvent>(event: N, payload: ClientPayload<N>): Promise<ClientAck<N>> {
    const isJoined = this.session !== null && this.store.getState().phase === "joined";
    if (!this.session || !isJoined) return Promise.reject(noAnswer("network"));
    return this.session.request(event, payload);
  }

  private report(action: Promise<unknown>): Promise<boolean> {
    return action.then(
      () => true,
      (error: unknown) => {
        const problem = error instanceof ApiError ? error.problem : undefined;
        this.events.emit({ type: "refused", participant: null, ...(problem ? { problem } : {}) });
        return false;
      },
    );
  }

  /** Losing the microphone mutes, so that a microphone added later is not open from its start. */
  private microphoneChanged(track: MediaStreamTrack | null): void {
    this.session?.setTrack(track);
    if (track === null && (!this.mutes.isMuted || this.mutes.isOpening)) void this.mutes.mute();
  }

  private async needMicrophone(): Promise<void> {
    const { microphone } = this.deps;
    if (!microphone.isLive) await microphone.start();
    if (!microphone.isLive) throw new Error("no microphone");
  }

  private expectations(): { othersTalk: boolean; weSend: boolean } {
    const { room, isMuted } = this.store.getState();
    return {
      othersTalk: room !== null && hearsSomebody(room),
      weSend: !isMuted && this.deps.microphone.isLive,
    };
  }

  private sampled(sample: MediaSample): void {
    this.samples = [...this.samples, sample].slice(-QUALITY_SAMPLES);
    const first = this.samples[0];
    if (!first || this.samples.length < QUALITY_SAMPLES) return;
    // The browser repeats its last figures while nothing arrives.
    const { phase, media } = this.store.getState();
    const isKnown = hasArrived(first, sample) || (phase === "joined" && media === "ok");
    this.quality.setState(isKnown ? quality(first, sample) : UNKNOWN, true);
  }

  private checkOwnVoice(): void {
    this.ownVoice = detectVoice(this.ownVoice, this.deps.microphone.level(), this.deps.now());
    const isTalkingWhileMuted = this.ownVoice.isTalking && this.mutes.isMuted;
    if (isTalkingWhileMuted !== this.store.getState().isTalkingWhileMuted)
      this.store.setState({ isTalkingWhileMuted });
  }
}
