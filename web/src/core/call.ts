import { createStore } from "zustand/vanilla";
import type { ClientEvents, InviteState, Joined, Problem, Snapshot } from "../protocol";
import { ApiError, noAnswer } from "./api-error";
import { type CallEvent, type CallState, IDLE, judgeRefusal, transition } from "./call-state";
import { type Dialogue, EMPTY_DIALOGUE, reduceDialogue } from "./dialogue";
import { Emitter } from "./emitter";
import type { MediaSample } from "./media-stats";
import { quality } from "./media-stats";
import type { Microphone } from "./microphone";
import { MuteControl } from "./mute";
import type { Playback } from "./playback";
import { roomEvents } from "./room-events";
import { RoomSession, type RoomSessionDeps } from "./room-session";
import { fromSnapshot, hearsSomebody, participantOf, type RoomState, reduceRoom } from "./room-state";
import type { ServerEvent } from "./signalling";
import { tutorActions } from "./tutor-actions";
import type { CallActions, CallEnd, JoinRequest, Quality, RoomEvent } from "./types";
import { detectVoice, SILENT, type VoiceActivity } from "./voice-activity";

export interface CallDeps extends RoomSessionDeps {
  microphone: Pick<Microphone, "track" | "isLive" | "tracks" | "start" | "stop" | "setOpen" | "level">;
  playback: Pick<Playback, "attach" | "assign" | "detach" | "unblock">;
}

const LEAVE_TIMEOUT_MS = 1_000;
const TALK_CHECK_MS = 100;
/** Quality is told over this many samples, about three seconds. */
const QUALITY_SAMPLES = 10;
const UNKNOWN: Quality = { level: "unknown" };

/** The call: one at a time, through the phases of `call-state`. */
export class Call implements CallActions {
  readonly store = createStore<CallState>(() => IDLE);
  /** Apart from the rest, since it changes twice a second. */
  readonly quality = createStore<Quality>(() => UNKNOWN);
  /** What is said between the people here and the tutor; it outlives a lost connection. */
  readonly dialogue = createStore<Dialogue>(() => EMPTY_DIALOGUE);
  readonly tutor = tutorActions((event, payload) => this.attempt(this.ask(event, payload)));
  readonly events = new Emitter<RoomEvent>();
  private seat: RoomSession | null = null;
  private target: JoinRequest | null = null;
  private refusals = 0;
  private samples: MediaSample[] = [];
  private ownVoice: VoiceActivity = SILENT;
  private voiceTimer: ReturnType<typeof setInterval> | null = null;
  private readonly mutes: MuteControl;

  constructor(private readonly deps: CallDeps) {
    this.mutes = new MuteControl({
      prepare: () => this.needMicrophone(),
      gate: (open) => deps.microphone.setOpen(open),
      tell: (muted) => this.ask("set_muted", { muted }),
      changed: ({ isMuted, byHost }) => this.store.setState({ isMuted, mutedByHost: byHost }),
    });
    deps.microphone.tracks.on((track) => this.microphoneChanged(track));
  }

  // Coming and going

  async join(request: JoinRequest): Promise<void> {
    const { phase } = this.store.getState();
    const here = this.seat !== null && this.target?.roomId === request.roomId;
    if (!here) {
      if (this.seat) await this.leave();
      this.target = request;
      this.begin(request);
    } else if (phase === "joined") return;
    await this.settled();
  }

  async leave(): Promise<void> {
    const { seat } = this;
    if (!seat) return;
    this.seat = null;
    this.finish({ reason: "left", problem: null });
    seat.media.close();
    await seat.request("leave", {}, LEAVE_TIMEOUT_MS).catch(() => {});
    seat.close();
  }

  retry(): void {
    if (this.seat) void this.seat.signalling.probe();
    else if (this.target) void this.join(this.target);
  }

  /** From `ended` to `idle`, when the page of the room is left. */
  reset(): void {
    if (this.store.getState().phase !== "ended") return;
    this.move("reset", IDLE);
  }

  /** This tab was in the room a moment ago (a reload): its seat is still kept. */
  canResume(roomId: string): boolean {
    return this.deps.memory.canResume(roomId);
  }

  // One's own state

  setMuted(muted: boolean): void {
    if (muted) void this.mutes.mute();
    else if (this.store.getState().phase === "joined") this.attempt(this.mutes.unmute());
  }

  toggleMute(): void {
    this.setMuted(!this.mutes.isMuted || this.mutes.isOpening);
  }

  setHand(raised: boolean): void {
    this.attempt(this.ask("set_hand", { raised }));
  }

  // What a host may do

  mute(participantId: string): void {
    this.attempt(this.ask("mute_participant", { participantId }));
  }

  remove(participantId: string): void {
    this.attempt(this.ask("remove_participant", { participantId }));
  }

  transferHost(participantId: string): void {
    this.attempt(this.ask("transfer_host", { participantId }));
  }

  setLocked(locked: boolean): void {
    this.attempt(this.ask("set_locked", { locked }));
  }

  closeRoom(): void {
    this.attempt(this.ask("close_room", {}));
  }

  getInvite(): Promise<InviteState> {
    return this.ask("get_invite", {});
  }

  renewInvite(): Promise<InviteState> {
    return this.ask("renew_invite", {});
  }

  /** For tests in browsers. */
  stats(): Promise<RTCStatsReport> | null {
    return this.seat?.media.stats() ?? null;
  }

  private begin(request: JoinRequest): void {
    this.refusals = 0;
    this.move("join", { end: null, room: null, draining: false, mediaLost: false });
    this.dialogue.setState(EMPTY_DIALOGUE, true);
    this.mutes.reset();
    this.deps.playback.unblock();
    // A seat that is being left may still hear answers to what it had asked.
    const ifOurs =
      <A extends unknown[]>(act: (...args: A) => void) =>
      (...args: A) => {
        if (this.seat === seat) act(...args);
      };
    const seat: RoomSession = new RoomSession(request, this.deps, {
      seated: ifOurs((ack) => this.seated(ack)),
      refused: ifOurs(({ problem }) => this.refused(seat, problem)),
      lost: ifOurs(() => this.move("lost", {})),
      event: ifOurs((event) => this.event(event)),
      snapshot: ifOurs((snapshot) => this.snapshot(snapshot)),
      carried: ifOurs((receivers) => this.deps.playback.attach(receivers)),
      mediaHealthy: ifOurs((ok) => this.store.setState({ mediaLost: !ok })),
      sampled: ifOurs((sample) => this.sampled(sample)),
      expectations: () => this.expectations(),
    });
    this.seat = seat;
    seat.media.setTrack(this.deps.microphone.track);
    seat.open();
  }

  private settled(): Promise<void> {
    const isSettled = () => !["joining", "reconnecting"].includes(this.store.getState().phase);
    if (isSettled()) return Promise.resolve();
    return new Promise((resolve) => {
      const unsubscribe = this.store.subscribe(() => {
        if (!isSettled()) return;
        unsubscribe();
        resolve();
      });
    });
  }

  private seated(ack: Joined): void {
    this.refusals = 0;
    this.move("seated", { draining: false });
    this.snapshot(ack);
    this.voiceTimer ??= setInterval(() => this.listenToMyself(), TALK_CHECK_MS);
  }

  private refused(seat: RoomSession, problem: Problem): void {
    this.refusals += 1;
    const verdict = judgeRefusal(problem, this.store.getState().phase, this.refusals);
    if ("end" in verdict) this.end({ reason: verdict.end, problem });
    else {
      this.move("lost", {});
      seat.tryAgain(verdict.retryAfterMs);
    }
  }

  private event(event: ServerEvent): void {
    switch (event.name) {
      case "removed":
        this.end({ reason: event.reason, problem: null });
        break;
      case "room_closed":
        this.end({ reason: "room_closed", problem: null });
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
    this.dialogue.setState((log) => reduceDialogue(log, event), true);
    if (event.name === "participant_updated" && event.participant.id === after.meId) {
      if (event.mutedByHost) this.mutes.forced();
      else this.mutes.correct(event.participant.isMuted);
    }
    for (const news of roomEvents(before, after, event)) this.events.emit(news);
  }

  private snapshot(snapshot: Snapshot): void {
    const { room: before } = this.store.getState();
    const room = fromSnapshot(snapshot);
    this.show({ ...room, dominantId: before?.dominantId ?? null });
    this.mutes.confirm(participantOf(room, room.meId)?.isMuted ?? true);
  }

  private show(room: RoomState): void {
    this.store.setState({ room });
    this.deps.playback.assign(room.slots);
  }

  private end(end: CallEnd): void {
    const { seat } = this;
    this.seat = null;
    seat?.close();
    this.finish(end);
  }

  private finish(end: CallEnd): void {
    const wasSeated = this.store.getState().room !== null;
    this.mutes.reset();
    this.deps.memory.forget();
    this.deps.playback.detach();
    // Whoever was refused at the door is still choosing their microphone.
    if (wasSeated) this.deps.microphone.stop();
    if (this.voiceTimer !== null) clearInterval(this.voiceTimer);
    this.voiceTimer = null;
    this.samples = [];
    this.quality.setState(UNKNOWN, true);
    this.move("ended", { end, isTalkingWhileMuted: false });
  }

  private move(event: CallEvent, change: Partial<CallState>): void {
    this.store.setState(({ phase }) => ({ ...change, phase: transition(phase, event) }));
  }

  private ask<N extends keyof ClientEvents>(event: N, payload: ClientEvents[N]["payload"]) {
    const isJoined = this.seat !== null && this.store.getState().phase === "joined";
    if (!this.seat || !isJoined) return Promise.reject<ClientEvents[N]["ack"]>(noAnswer("network"));
    return this.seat.request(event, payload);
  }

  private attempt(action: Promise<unknown>): void {
    action.catch((error: unknown) => {
      const problem = error instanceof ApiError ? error.problem : undefined;
      this.events.emit({ type: "refused", participant: null, ...(problem ? { problem } : {}) });
    });
  }

  /** Without a microphone nobody is left "unmuted" for one that comes later. */
  private microphoneChanged(track: MediaStreamTrack | null): void {
    this.seat?.media.setTrack(track);
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
    if (this.samples.length === QUALITY_SAMPLES) {
      this.quality.setState(quality(this.samples[0] ?? null, sample), true);
    }
  }

  private listenToMyself(): void {
    this.ownVoice = detectVoice(this.ownVoice, this.deps.microphone.level(), this.deps.now());
    const isTalkingWhileMuted = this.ownVoice.isTalking && this.mutes.isMuted;
    if (isTalkingWhileMuted !== this.store.getState().isTalkingWhileMuted)
      this.store.setState({ isTalkingWhileMuted });
  }
}
