import { createStore } from "zustand/vanilla";
import type { GetMetrics, StartClass, SttChunk, SttStart } from "../protocol";
import type { ChunkEvents, ChunkPlayer } from "./chunk-player";
import { type ClassEvent, type ClassMessage, isToReconnect, NO_CLASS, reduceClass } from "./class-state";
import type { Microphone } from "./microphone";
import { type capturePcm, PCM_HZ, pcmToBase64 } from "./pcm-capture";
import { VoiceSocket } from "./voice-socket";

const MESSAGE_BYTES = 8 << 20;

export interface ClassPlace {
  courseId: string;
  module: number;
  subTopic: number;
  /** Of the course, BCP 47. */
  language: string;
}

export interface ClassDeps {
  /** Opens a WebSocket, with the token of who is signed in. */
  open(): Promise<WebSocket>;
  player(
    events: ChunkEvents<number | null>,
  ): Pick<ChunkPlayer<number | null>, "open" | "add" | "stop" | "close">;
  microphone: Pick<Microphone, "start" | "stop" | "setOpen" | "track" | "tracks">;
  capture: typeof capturePcm;
  now(): number;
  random(): number;
}

/**
 * One class over `/ws/class`: connects, plays the lesson, sends the learner's speech, and connects again at the sentence
 * that was heard. A stop closes the connection: the protocol has no pause.
 */
export class ClassSession {
  readonly store = createStore(() => NO_CLASS);
  private readonly player;
  private readonly socket: VoiceSocket;
  private endCapture: (() => void) | null = null;
  private microphoneEpoch = 0;
  private unsubscribe: (() => void) | null = null;
  readonly speech = createStore(() => ({ isOn: false }));

  constructor(
    private readonly place: ClassPlace,
    private readonly deps: ClassDeps,
  ) {
    this.player = deps.player({
      started: (sentence) => this.dispatch({ kind: "sound", sentence }),
      ended: () => this.dispatch({ kind: "silence" }),
      failed: () => this.dispatch({ kind: "undecodable" }),
    });
    this.socket = new VoiceSocket(deps, {
      probeMs: 10_000,
      silenceMs: 25_000,
      opened: () => this.opened(),
      received: (data) => this.received(data),
      probe: () => this.send<GetMetrics>({ type: "get_metrics" }),
      lost: (code) => this.lost(code),
    });
  }

  /** Only a click may call it: it starts sound. */
  start(sentence: number): void {
    this.disconnect();
    this.player.open();
    this.unsubscribe ??= this.deps.microphone.tracks.on((track) => void this.listenTo(track));
    this.dispatch({ kind: "start", sentence });
    this.socket.start();
  }

  stop(): void {
    this.disconnect();
    this.speakNoMore();
    this.dispatch({ kind: "stop" });
  }

  /** The outcome is `speech` and the microphone's status. Only a click may call it. */
  async setMicrophone(on: boolean): Promise<void> {
    if (!on) return this.speakNoMore();
    this.speech.setState({ isOn: true });
    await this.deps.microphone.start();
    if (!this.speech.getState().isOn) return;
    if (!this.deps.microphone.track) this.speakNoMore();
    else this.deps.microphone.setOpen(true);
  }

  close(): void {
    this.stop();
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.player.close();
  }

  private dispatch(event: ClassEvent): void {
    this.store.setState(reduceClass(this.store.getState(), event), true);
  }

  // The connection

  private opened(): void {
    const { courseId, module, subTopic, language } = this.place;
    this.send<StartClass>({
      type: "start_class",
      course_id: courseId,
      module_index: module,
      sub_topic_index: subTopic,
      sentence: this.store.getState().sentence ?? 0,
      language,
      interactive_mode: true,
    });
    if (this.speech.getState().isOn) this.askToListen();
  }

  private received(data: unknown): void {
    const message = parsed(data);
    if (!message) return;
    if (message.type === "agent_response") this.socket.ready();
    if (message.type === "tts_interrupted") this.player.stop();
    this.dispatch({ kind: "message", message });
    if (message.type === "audio_chunk")
      this.player.add(bytesOf(message.audio_data), this.store.getState().sending);
  }

  private lost(code: number): boolean {
    this.player.stop();
    this.dispatch({ kind: "closed", code });
    if (isToReconnect(this.store.getState())) return true;
    this.speakNoMore();
    return false;
  }

  private disconnect(): void {
    this.socket.stop();
    this.player.stop();
  }

  private send<M extends { type: string }>(message: M): void {
    this.socket.send(message);
  }

  // The learner's speech

  private askToListen(): void {
    this.send<SttStart>({ type: "stt_stream_start", language: this.place.language, sample_rate: PCM_HZ });
  }

  private async listenTo(track: MediaStreamTrack | null): Promise<void> {
    if (!this.speech.getState().isOn) return;
    this.endCapture?.();
    this.endCapture = null;
    if (!track) return this.speakNoMore();
    const epoch = ++this.microphoneEpoch;
    const end = await this.deps.capture(track, (pcm) => this.heard(pcm)).catch(() => null);
    if (epoch !== this.microphoneEpoch) return end?.();
    if (!end) {
      this.speakNoMore();
      return this.dispatch({ kind: "unheard" });
    }
    this.endCapture = end;
    this.askToListen();
  }

  private heard(pcm: Int16Array<ArrayBuffer>): void {
    if (!this.store.getState().isListening) return;
    this.send<SttChunk>({ type: "stt_audio_chunk", audio: pcmToBase64(pcm) });
  }

  private speakNoMore(): void {
    this.microphoneEpoch += 1;
    this.endCapture?.();
    this.endCapture = null;
    if (!this.speech.getState().isOn) return;
    this.speech.setState({ isOn: false });
    this.deps.microphone.stop();
  }
}

/** Null for what is no message of the protocol: a newer server may send more. */
function parsed(data: unknown): ClassMessage | null {
  if (typeof data !== "string" || data.length > MESSAGE_BYTES) return null;
  try {
    const message: unknown = JSON.parse(data);
    return typeof message === "object" && message !== null && "type" in message
      ? (message as ClassMessage)
      : null;
  } catch {
    return null;
  }
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}
