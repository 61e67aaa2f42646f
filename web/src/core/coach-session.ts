import { createStore } from "zustand/vanilla";
import type {
  CoachPing,
  CoachSay,
  EndTurn,
  RequestCorrection,
  SetCoachTopic,
  SetDifficulty,
} from "../protocol";
import type { KeptCoach } from "./coach-kept";
import {
  type CoachEvent,
  type CoachMessage,
  hearsLearner,
  isRunning,
  isToPlay,
  mayPress,
  maySay,
  type NewLine,
  NO_COACH,
  reduceCoach,
} from "./coach-state";
import type { Microphone } from "./microphone";
import type { capturePcm } from "./pcm-capture";
import type { PcmEvents, PcmPlayer } from "./pcm-player";
import { VoiceSocket } from "./voice-socket";

/** ms after the button is released in which the last chunk of the speech is to come from the sound card. */
const TAIL_MS = 300;
/** ms until a correction that was asked for counts as not needed: the server sends none for a faultless sentence. */
const CORRECTION_MS = 12_000;
const MESSAGE_CHARACTERS = 256 << 10;
/** ms of a turn at most: a button that stays pressed ends by itself. */
const MAX_TURN_MS = 60_000;

export interface CoachDeps {
  /** Opens a WebSocket to the session, with the token of who is signed in. */
  open(kept: KeptCoach): Promise<WebSocket>;
  player(events: PcmEvents): Pick<PcmPlayer, "open" | "add" | "finish" | "stop" | "close">;
  microphone: Pick<Microphone, "start" | "stop" | "setOpen" | "track" | "tracks">;
  capture: typeof capturePcm;
  now(): number;
  random(): number;
}

type Outgoing = CoachPing | CoachSay | EndTurn | RequestCorrection | SetCoachTopic | SetDifficulty;

/**
 * One session over `/session`: connects, sends what the learner says while the button is held, plays the replies, and
 * connects again to the same session.
 */
export class CoachSession {
  readonly store = createStore(() => NO_COACH);
  private readonly player;
  private kept: KeptCoach | null = null;
  private readonly socket: VoiceSocket;
  /** Reads what was said in the session before this page, once. */
  private past: (() => Promise<readonly NewLine[]>) | null = null;
  /** Incremented by each start and end, so that what was begun before has no effect. */
  private epoch = 0;
  private tail: ReturnType<typeof setTimeout> | undefined;
  private longest: ReturnType<typeof setTimeout> | undefined;
  private checking: ReturnType<typeof setTimeout> | undefined;
  private isTailDue = false;
  private endCapture: (() => void) | null = null;
  private captureEpoch = 0;
  private unsubscribe: (() => void) | null = null;

  constructor(private readonly deps: CoachDeps) {
    this.player = deps.player({
      started: () => this.dispatch({ kind: "sound" }),
      ended: () => this.dispatch({ kind: "silence" }),
    });
    const { now, random } = deps;
    this.socket = new VoiceSocket(
      { open: () => this.open(), now, random },
      {
        probeMs: 10_000,
        silenceMs: 25_000,
        opened: () => this.opened(),
        received: (data) => this.received(data),
        probe: () => this.send({ type: "ping" }),
        lost: (code, failures) => this.lost(code, failures),
      },
    );
  }

  /**
   * Only a click may call it: it starts sound and asks for the microphone. `past`: what was said in the session before
   * this page; it is read once the session is open, when the server has stored all of it.
   */
  start(kept: KeptCoach, past: (() => Promise<readonly NewLine[]>) | null = null): void {
    this.kept = kept;
    this.past = past;
    this.epoch += 1;
    this.player.open();
    this.unsubscribe ??= this.deps.microphone.tracks.on((track) => void this.listenTo(track));
    this.dispatch({ kind: "start" });
    void this.openMicrophone(this.epoch);
    this.socket.start();
  }

  end(): void {
    if (!this.unsubscribe) return;
    this.epoch += 1;
    this.forgetTurn();
    clearTimeout(this.checking);
    this.socket.stop();
    this.player.close();
    this.unsubscribe();
    this.unsubscribe = null;
    this.listenNoMore();
    this.deps.microphone.stop();
    this.dispatch({ kind: "end" });
  }

  /** Another topic or difficulty of the same session. */
  change(kept: KeptCoach): void {
    this.kept = kept;
    this.sendLesson(kept);
  }

  /** The learner begins to speak; a reply that is heard stops. */
  readonly press = (): void => {
    if (!mayPress(this.store.getState())) return;
    // After a permission that was refused or a device that was lost, the press is the click that asks again.
    if (!this.deps.microphone.track) {
      void this.deps.microphone.start();
      return;
    }
    this.player.stop();
    this.deps.microphone.setOpen(true);
    this.dispatch({ kind: "press" });
    this.longest = setTimeout(this.letGo, MAX_TURN_MS);
  };

  /** The turn ends with the chunk that holds the last word. */
  readonly letGo = (): void => {
    if (this.store.getState().phase !== "recording" || this.isTailDue) return;
    this.isTailDue = true;
    this.tail = setTimeout(() => this.endTurn(), TAIL_MS);
  };

  /** Typed words. Returns whether they were taken. */
  say(text: string): boolean {
    if (!maySay(this.store.getState()) || !this.socket.isOpen) return false;
    this.player.stop();
    this.dispatch({ kind: "type" });
    this.send({ type: "say", text });
    return true;
  }

  askCorrection(): void {
    this.dispatch({ kind: "ask" });
    this.send({ type: "request_correction" });
    clearTimeout(this.checking);
    this.checking = setTimeout(() => this.dispatch({ kind: "uncorrected" }), CORRECTION_MS);
  }

  private dispatch(event: CoachEvent): void {
    this.store.setState(reduceCoach(this.store.getState(), event), true);
  }

  // The connection

  private open(): Promise<WebSocket> {
    return this.kept ? this.deps.open(this.kept) : Promise.reject(new Error("There is no session."));
  }

  /** The server answers the ping only once the session has a worker. */
  private opened(): void {
    if (this.kept) this.sendLesson(this.kept);
    this.send({ type: "ping" });
  }

  private sendLesson({ topic, difficulty }: KeptCoach): void {
    this.send({ type: "set_topic", topic });
    this.send({ type: "set_difficulty", level: difficulty });
  }

  private received(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      if (isToPlay(this.store.getState())) this.player.add(data);
      return;
    }
    const message = parsed(data);
    if (!message) return;
    if (message.type === "audio_end") this.player.finish();
    this.dispatch({ kind: "message", message });
    if (message.type === "pong" && this.store.getState().phase === "connecting") this.isOpen();
  }

  private isOpen(): void {
    this.socket.ready();
    this.dispatch({ kind: "opened" });
    // Without an engine that hears the language, nothing is recorded.
    if (!hearsLearner(this.store.getState())) this.deps.microphone.stop();
    const { past, epoch } = this;
    this.past = null;
    void past?.().then((lines) => {
      if (epoch === this.epoch) this.dispatch({ kind: "restored", lines });
    });
  }

  private lost(code: number, failures: number): boolean {
    this.forgetTurn();
    this.player.stop();
    this.dispatch({ kind: "closed", code, failures });
    if (isRunning(this.store.getState())) return true;
    this.listenNoMore();
    this.deps.microphone.stop();
    return false;
  }

  private send(message: Outgoing): void {
    this.socket.send(message);
  }

  // The learner's speech

  private async openMicrophone(epoch: number): Promise<void> {
    if (this.deps.microphone.track) await this.listenTo(this.deps.microphone.track);
    else await this.deps.microphone.start();
    // Ended while the browser asked for permission.
    if (epoch !== this.epoch && !isRunning(this.store.getState())) this.deps.microphone.stop();
  }

  private async listenTo(track: MediaStreamTrack | null): Promise<void> {
    this.listenNoMore();
    if (!track) return this.letGo();
    const epoch = this.captureEpoch;
    const end = await this.deps.capture(track, (pcm) => this.heard(pcm)).catch(() => null);
    if (epoch !== this.captureEpoch) return end?.();
    if (end) this.endCapture = end;
    else this.dispatch({ kind: "unheard" });
  }

  private listenNoMore(): void {
    this.captureEpoch += 1;
    this.endCapture?.();
    this.endCapture = null;
  }

  private heard(pcm: Int16Array<ArrayBuffer>): void {
    if (this.store.getState().phase !== "recording" || !this.socket.isOpen) return;
    this.socket.send(pcm);
    if (this.isTailDue) this.endTurn();
  }

  private endTurn(): void {
    this.forgetTurn();
    this.send({ type: "end_turn" });
    this.dispatch({ kind: "release" });
  }

  private forgetTurn(): void {
    clearTimeout(this.tail);
    clearTimeout(this.longest);
    this.isTailDue = false;
    this.deps.microphone.setOpen(false);
  }
}

/** Null for what is no message of the protocol: a newer server may send more. */
function parsed(data: unknown): CoachMessage | null {
  if (typeof data !== "string" || data.length > MESSAGE_CHARACTERS) return null;
  try {
    const message: unknown = JSON.parse(data);
    return typeof message === "object" && message !== null && "type" in message
      ? (message as CoachMessage)
      : null;
  } catch {
    return null;
  }
}
