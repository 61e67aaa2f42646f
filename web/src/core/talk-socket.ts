import { createStore } from "zustand/vanilla";
import type { FluxError, KeepAlive, TalkOpened, TalkSay } from "../protocol";
import { type Dialogue, reduceDialogue } from "./dialogue";
import { SILENCE_DBFS } from "./level-meter";
import type { Microphone } from "./microphone";
import type { capturePcm } from "./pcm-capture";
import type { PcmEvents, PcmPlayer } from "./pcm-player";
import { dialogueEvent, type TalkMessage, talkMessage } from "./talk-messages";
import { NO_PATH, type PathView, type TalkLesson, type TalkPath, type TalkTrouble } from "./talk-path";
import { TRY_LATER, VoiceSocket } from "./voice-socket";

/** Samples a second of the tutor's voice, as the server sends it. */
export const TALK_HZ = 24_000;
/** Attempts in a row that never reach the server, after which a talk that has never been open is given up. */
const MAX_ATTEMPTS = 5;
/** Bytes of speech that wait in the browser at most: then what is said is left out until the network takes more. */
const MAX_WAITING = 128 << 10;
/** Codes with which the server closes a connection. */
const NORMAL = 1000;
const REFUSED = 1008;
const FAILED = 1011;
const REPLACED = 4001;

/** `conversation`: a talk that goes on; null for one of the session's own. */
export interface TalkRequest {
  sessionId: string;
  conversation: string | null;
  lesson: TalkLesson;
}

export interface TalkSocketDeps {
  /** Opens a WebSocket to the session, with the token of who is signed in. */
  open(request: TalkRequest): Promise<WebSocket>;
  player(events: PcmEvents): Pick<PcmPlayer, "open" | "add" | "finish" | "stop" | "close" | "level">;
  microphone: Pick<Microphone, "start" | "stop" | "setOpen" | "track" | "tracks" | "isLive">;
  capture: typeof capturePcm;
  now(): number;
  random(): number;
}

/** A talk over a WebSocket, for networks that let no media through: flux, as `server/protocol/voice/talking.py` extends it. */
export class TalkSocket implements TalkPath {
  readonly store = createStore<PathView>(() => NO_PATH);
  private readonly player;
  private readonly socket: VoiceSocket;
  private epoch = 0;
  private seq = 0;
  private error: FluxError | null = null;
  private unsubscribe: (() => void) | null = null;
  private endCapture: (() => void) | null = null;
  private captureEpoch = 0;
  private isPlaying = false;

  /** `changed`: the conversation that the request named does not go on; the session has one of its own. */
  constructor(
    private readonly deps: TalkSocketDeps,
    private request: TalkRequest,
    private readonly changed: (request: TalkRequest) => void = () => {},
  ) {
    this.player = deps.player({ started: () => {}, ended: () => {} });
    const { now, random } = deps;
    this.socket = new VoiceSocket(
      { open: () => this.open(), now, random },
      {
        probeMs: 5_000,
        silenceMs: 12_000,
        opened: () => {},
        received: (data) => this.received(data),
        probe: () => this.send({ type: "KeepAlive" }),
        lost: (code, failures) => this.lost(code, failures),
      },
    );
  }

  start(isMuted: boolean): void {
    const { microphone } = this.deps;
    this.player.open();
    this.unsubscribe = microphone.tracks.on((track) => void this.listenTo(track));
    this.show({ isMuted: isMuted || !microphone.isLive });
    microphone.setOpen(!this.view.isMuted);
    void this.listenTo(microphone.track);
    this.socket.start();
  }

  setMuted(muted: boolean): void {
    const { microphone } = this.deps;
    if (muted || microphone.isLive) {
      microphone.setOpen(!muted);
      this.show({ isMuted: muted });
      return;
    }
    // After a permission that was refused or a device that was lost, this is the click that asks again.
    const { epoch } = this;
    void microphone.start().then(() => {
      if (epoch === this.epoch && microphone.isLive) this.setMuted(false);
    });
  }

  async say(text: string): Promise<boolean> {
    if (this.view.phase !== "open") return false;
    this.send({ type: "Say", text });
    return true;
  }

  tutorLevel(): number {
    return this.isPlaying ? this.player.level() : SILENCE_DBFS;
  }

  retry(): void {
    this.socket.retry();
  }

  async end({ keepsMicrophone = false }: { keepsMicrophone?: boolean } = {}): Promise<void> {
    this.close();
    if (!keepsMicrophone) this.deps.microphone.stop();
  }

  private get view(): PathView {
    return this.store.getState();
  }

  private show(change: Partial<PathView>): void {
    this.store.setState(change);
  }

  // The connection

  private open(): Promise<WebSocket> {
    this.error = null;
    return this.deps.open(this.request);
  }

  private received(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      if (this.isPlaying) this.player.add(data);
      return;
    }
    const message = talkMessage(data);
    if (message) this.understood(message);
  }

  private understood(message: TalkMessage): void {
    if (message.type === "TalkOpened") this.opened(message);
    else if (message.type === "TalkState")
      this.show({ tutor: this.view.tutor && { ...this.view.tutor, state: message.state } });
    else if (message.type === "AudioStart") this.isPlaying = true;
    else if (message.type === "AudioEnd") this.spoken(message.interrupted);
    else if (message.type === "Error") this.error = message;
    else this.said(message);
  }

  private spoken(isInterrupted: boolean): void {
    this.isPlaying = !isInterrupted;
    if (isInterrupted) this.player.stop();
    else this.player.finish();
  }

  private said(message: TalkMessage): void {
    this.seq += 1;
    const event = dialogueEvent(message, this.seq);
    if (event) this.show({ dialogue: reduceDialogue(this.view.dialogue, event) });
  }

  private opened({ tutor_name: name, topic, level, engines }: TalkOpened): void {
    this.socket.ready();
    const { conversation, lesson } = this.request;
    this.show({
      phase: "open",
      trouble: this.view.trouble?.kind === "unheard" ? this.view.trouble : null,
      tutor: {
        status: "ready",
        state: "idle",
        participantId: null,
        name,
        language: lesson.language,
        level,
        topic,
        voice: null,
        rate: 1,
        voices: [],
        engines,
        fallbacks: [],
        captions: true,
        breaksSilence: false,
        conversationId: conversation ?? "",
        knowledgeBase: null,
        teaches: null,
      },
    });
  }

  private lost(code: number, failures: number): boolean {
    this.hush();
    this.show({ dialogue: closed(this.view.dialogue) });
    const trouble = this.troubleOf(code, failures);
    if (trouble === "anew") {
      this.request = { ...this.request, conversation: null };
      this.changed(this.request);
      return true;
    }
    if (trouble && trouble.kind !== "busy") {
      this.giveUp(trouble);
      return false;
    }
    const hasBeenOpen = this.view.tutor !== null;
    this.show({ phase: hasBeenOpen ? "lost" : "connecting", trouble });
    return true;
  }

  /** Null: the connection is opened again. `anew`: without the conversation that does not go on. */
  private troubleOf(code: number, failures: number): TalkTrouble | "anew" | null {
    const refusal = { kind: "refused", code: (this.error?.code ?? "").toLowerCase() } as const;
    if (code === REPLACED) return { kind: "replaced" };
    if (code === TRY_LATER) return { kind: "busy" };
    if (code === NORMAL) return { kind: "idle" };
    if (
      code === REFUSED &&
      this.error?.code === "CONVERSATION_NOT_FOUND" &&
      this.request.conversation !== null
    )
      return "anew";
    if (code === REFUSED || (code === FAILED && this.error !== null)) return refusal;
    const hasBeenOpen = this.view.tutor !== null;
    return !hasBeenOpen && failures >= MAX_ATTEMPTS ? { kind: "unreachable" } : null;
  }

  private giveUp(trouble: TalkTrouble): void {
    this.close();
    this.deps.microphone.stop();
    this.show({ phase: "closed", isMuted: true, trouble });
  }

  private send(message: KeepAlive | TalkSay): void {
    this.socket.send(message);
  }

  private hush(): void {
    this.isPlaying = false;
    this.player.stop();
  }

  private close(): void {
    this.epoch += 1;
    this.socket.stop();
    this.hush();
    this.player.close();
    this.listenNoMore();
    this.deps.microphone.setOpen(false);
    this.unsubscribe?.();
    this.unsubscribe = null;
  }

  // The learner's speech

  private async listenTo(track: MediaStreamTrack | null): Promise<void> {
    this.listenNoMore();
    // Losing the device mutes; the click on the button asks for it again.
    if (!track) {
      this.deps.microphone.setOpen(false);
      this.show({ isMuted: true });
      return;
    }
    const epoch = this.captureEpoch;
    const end = await this.deps.capture(track, (pcm) => this.heard(pcm)).catch(() => null);
    if (epoch !== this.captureEpoch) return end?.();
    if (end) this.endCapture = end;
    else this.show({ trouble: { kind: "unheard" } });
  }

  private listenNoMore(): void {
    this.captureEpoch += 1;
    this.endCapture?.();
    this.endCapture = null;
  }

  private heard(pcm: Int16Array<ArrayBuffer>): void {
    const { socket, view } = this;
    if (view.isMuted || view.phase !== "open") return;
    if (socket.waiting <= MAX_WAITING) socket.send(pcm);
  }
}

/** Without a connection nothing is said any more: what was being said is as it is. */
function closed(dialogue: Dialogue): Dialogue {
  return { ...dialogue, lines: dialogue.lines.map((line) => ({ ...line, isOpen: false })) };
}
