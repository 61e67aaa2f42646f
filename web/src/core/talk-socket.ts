import { createStore } from "zustand/vanilla";
import type { FluxError, KeepAlive, TalkOpened, TalkSay } from "../protocol";
import { type Dialogue, reduceDialogue } from "./dialogue";
import { SILENCE_DBFS } from "./level-meter";
import type { Microphone } from "./microphone";
import type { capturePcm } from "./pcm-capture";
import type { PcmEvents, PcmPlayer } from "./pcm-player";
import { Reconnector } from "./reconnector";
import { dialogueEvent, type TalkMessage, talkMessage } from "./talk-messages";
import { NO_PATH, type PathView, type TalkLesson, type TalkPath, type TalkTrouble } from "./talk-path";

/** Samples a second of the tutor's voice, as the server sends it. */
export const TALK_HZ = 24_000;
/** ms between signs of life, and without any message until a connection counts as lost. */
const PROBE_MS = 5_000;
const SILENCE_MS = 12_000;
/** The same before the session is open: the server waits 30 s for a worker that loads its engines. */
const OPENING_MS = 35_000;
/** ms before the next attempt after the server asked to try later. */
const LATER_MS = 5_000;
/** Attempts in a row that never reach the server, after which a talk that has never been open is given up. */
const MAX_ATTEMPTS = 5;
/** Bytes of speech that wait in the browser at most: then what is said is left out until the network takes more. */
const MAX_WAITING = 128 << 10;
/** Codes with which the server closes a connection. */
const NORMAL = 1000;
const REFUSED = 1008;
const FAILED = 1011;
const TRY_LATER = 1013;
const REPLACED = 4001;
const LOST = 1006;

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
}

/** A talk over a WebSocket, for networks that let no media through: flux, as `server/protocol/voice/talking.py` extends it. */
export class TalkSocket implements TalkPath {
  readonly store = createStore<PathView>(() => NO_PATH);
  private readonly player;
  private readonly reconnector = new Reconnector(() => void this.connect());
  private socket: WebSocket | null = null;
  private epoch = 0;
  private attempts = 0;
  private receivedAt = 0;
  private seq = 0;
  private error: FluxError | null = null;
  private probe: ReturnType<typeof setInterval> | undefined;
  private ends: (() => void)[] = [];
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
  }

  start(isMuted: boolean): void {
    const { microphone } = this.deps;
    this.player.open();
    const offline = () => this.socket && this.cut();
    window.addEventListener("offline", offline);
    this.ends = [
      microphone.tracks.on((track) => void this.listenTo(track)),
      () => window.removeEventListener("offline", offline),
    ];
    this.show({ isMuted: isMuted || !microphone.isLive });
    microphone.setOpen(!this.view.isMuted);
    void this.listenTo(microphone.track);
    void this.connect();
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
    if (this.socket === null && this.view.phase === "lost") this.reconnector.now();
  }

  async end({ keepsMicrophone = false }: { keepsMicrophone?: boolean } = {}): Promise<void> {
    const { socket } = this;
    this.close();
    socket?.close(NORMAL);
    if (!keepsMicrophone) this.deps.microphone.stop();
  }

  private get view(): PathView {
    return this.store.getState();
  }

  private show(change: Partial<PathView>): void {
    this.store.setState(change);
  }

  // The connection

  private async connect(): Promise<void> {
    const { epoch } = this;
    this.attempts += 1;
    const socket = await this.deps.open(this.request).catch(() => null);
    if (epoch !== this.epoch) return socket?.close();
    if (!socket) return this.lost(LOST);
    this.socket = socket;
    this.error = null;
    socket.binaryType = "arraybuffer";
    this.receivedAt = this.deps.now();
    socket.onmessage = ({ data }) => this.received(data);
    socket.onclose = ({ code }) => this.lost(code);
    this.probe = setInterval(() => this.look(), PROBE_MS);
  }

  private received(data: unknown): void {
    this.receivedAt = this.deps.now();
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
    this.attempts = 0;
    this.reconnector.succeeded();
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

  private lost(code: number): void {
    this.release();
    this.show({ dialogue: closed(this.view.dialogue) });
    const trouble = this.troubleOf(code);
    if (trouble === "anew") {
      this.request = { ...this.request, conversation: null };
      this.changed(this.request);
      this.reconnector.now();
      return;
    }
    if (trouble && trouble.kind !== "busy") {
      this.giveUp(trouble);
      return;
    }
    const hasBeenOpen = this.view.tutor !== null;
    this.show({ phase: hasBeenOpen ? "lost" : "connecting", trouble });
    this.reconnector.failed(trouble ? LATER_MS : 0);
  }

  /** Null: the connection is opened again. `anew`: without the conversation that does not go on. */
  private troubleOf(code: number): TalkTrouble | "anew" | null {
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
    return !hasBeenOpen && this.attempts >= MAX_ATTEMPTS ? { kind: "unreachable" } : null;
  }

  private giveUp(trouble: TalkTrouble): void {
    this.close();
    this.deps.microphone.stop();
    this.show({ phase: "closed", isMuted: true, trouble });
  }

  /** A connection that died without an end is cut here; one that never opened, too. */
  private look(): void {
    const limit = this.view.phase === "open" ? SILENCE_MS : OPENING_MS;
    if (this.deps.now() - this.receivedAt >= limit) this.cut();
    else this.send({ type: "KeepAlive" });
  }

  private cut(): void {
    const { socket } = this;
    if (socket) socket.onclose = null;
    this.lost(LOST);
    socket?.close();
  }

  private send(message: KeepAlive | TalkSay): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  private release(): void {
    clearInterval(this.probe);
    if (this.socket) this.socket.onmessage = this.socket.onclose = null;
    this.socket = null;
    this.isPlaying = false;
    this.player.stop();
  }

  private close(): void {
    this.epoch += 1;
    this.release();
    this.reconnector.stop();
    this.player.close();
    this.listenNoMore();
    this.deps.microphone.setOpen(false);
    for (const end of this.ends) end();
    this.ends = [];
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
    if (view.isMuted || view.phase !== "open" || socket?.readyState !== 1) return;
    if (socket.bufferedAmount <= MAX_WAITING) socket.send(pcm);
  }
}

/** Without a connection nothing is said any more: what was being said is as it is. */
function closed(dialogue: Dialogue): Dialogue {
  return { ...dialogue, lines: dialogue.lines.map((line) => ({ ...line, isOpen: false })) };
}
