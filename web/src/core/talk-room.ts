import { createStore } from "zustand/vanilla";
import type { Call } from "./call";
import type { CallState } from "./call-state";
import { EMPTY_DIALOGUE } from "./dialogue";
import { NO_PATH, type PathView, type TalkPath } from "./talk-path";

/**
 * ms after the first report that sound is not connected, until the talk goes elsewhere: five seconds in all. The tutor comes
 * to a room without sound only then, so that its greeting is not spoken to nobody.
 */
const BLOCKED_AFTER_MS = 1_000;
/** ms in which a microphone that is being opened counts as open. */
const OPENING_MS = 3_000;

export interface TalkRoomDeps {
  call: Pick<Call, "store" | "dialogue" | "join" | "leave" | "reset" | "retry" | "setMuted" | "send">;
  microphone: { readonly isLive: boolean };
  /** Received level of a participant, linear. */
  levelOf(participantId: string): number;
}

/** A talk in a room to practise, over WebRTC. */
export class TalkRoom implements TalkPath {
  readonly store = createStore<PathView>(() => NO_PATH);
  private ends: (() => void)[] = [];
  private hasJoined = false;
  private wantsMuted = true;
  private isOpening = false;
  private opening: ReturnType<typeof setTimeout> | undefined;
  private blocking: ReturnType<typeof setTimeout> | undefined;

  /** `blocked`: no sound gets through here. */
  constructor(
    private readonly deps: TalkRoomDeps,
    private readonly roomId: string,
    private readonly blocked: () => void,
  ) {}

  start(isMuted: boolean): void {
    this.wantsMuted = isMuted;
    const { call } = this.deps;
    void call.join({ roomId: this.roomId });
    this.ends = [
      call.store.subscribe((state) => this.changed(state)),
      call.dialogue.subscribe(() => this.show(call.store.getState())),
    ];
    this.changed(call.store.getState());
  }

  setMuted(muted: boolean): void {
    const { call } = this.deps;
    this.wantsMuted = muted;
    this.opened();
    if (this.hasJoined && muted) call.setMuted(true);
    else if (this.hasJoined) this.open();
    this.show(call.store.getState());
  }

  say(text: string): Promise<boolean> {
    return this.deps.call.send("say", { text });
  }

  tutorLevel(): number {
    const id = this.store.getState().tutor?.participantId;
    return 20 * Math.log10(id ? this.deps.levelOf(id) : 0);
  }

  retry(): void {
    this.deps.call.retry();
  }

  async end(options: { keepsMicrophone?: boolean } = {}): Promise<void> {
    this.release();
    const { call } = this.deps;
    await call.leave("left", options);
    call.reset();
  }

  private changed(state: CallState): void {
    if (state.phase === "ended") {
      const { end } = state;
      this.release();
      this.store.setState({ phase: "closed", isMuted: true, trouble: end && { kind: "ended", end } });
      this.deps.call.reset();
      return;
    }
    if (state.phase === "joined" && !this.hasJoined) this.joined();
    // The server, the device or the host has closed it.
    if (this.hasJoined && !this.isOpening) this.wantsMuted = state.isMuted;
    if (this.isOpening && !state.isMuted) this.opened();
    this.watch(state);
    this.show(state);
  }

  /** The click that began the talk opens the microphone now. One that was refused is not asked for again. */
  private joined(): void {
    this.hasJoined = true;
    if (!this.deps.microphone.isLive || this.wantsMuted) return;
    this.isOpening = true;
    // The call reads the ack of `join` first, which closes what is being opened.
    queueMicrotask(() => {
      if (this.isOpening) this.open();
    });
  }

  private open(): void {
    this.isOpening = true;
    this.opening = setTimeout(() => this.giveUpOpening(), OPENING_MS);
    this.deps.call.setMuted(false);
  }

  private opened(): void {
    this.isOpening = false;
    clearTimeout(this.opening);
  }

  private giveUpOpening(): void {
    this.opened();
    this.changed(this.deps.call.store.getState());
  }

  private watch({ phase, media }: CallState): void {
    const isSilent = phase === "joined" && (media === "connecting" || media === "unreachable");
    if (!isSilent) {
      clearTimeout(this.blocking);
      this.blocking = undefined;
      return;
    }
    this.blocking ??= setTimeout(() => this.blocked(), media === "unreachable" ? 0 : BLOCKED_AFTER_MS);
  }

  private show({ phase, media, room }: CallState): void {
    const isHere = room?.room.id === this.roomId;
    const isLost = phase === "reconnecting" || (this.hasJoined && media === "lost");
    this.store.setState({
      phase: isLost ? "lost" : phase === "joined" ? "open" : "connecting",
      isMuted: this.wantsMuted,
      tutor: (isHere && room.room.tutor) || null,
      dialogue: isHere ? this.deps.call.dialogue.getState() : EMPTY_DIALOGUE,
    });
  }

  private release(): void {
    clearTimeout(this.blocking);
    clearTimeout(this.opening);
    for (const end of this.ends) end();
    this.ends = [];
  }
}
