import { createStore } from "zustand/vanilla";
import type { DialogueLine } from "./dialogue";
import type { Microphone } from "./microphone";
import type { KeptTalk, MediaRoute } from "./talk-kept";
import type { TalkLesson, TalkPath } from "./talk-path";
import type { TalkRequest } from "./talk-socket";
import { hasSpoken, isUnderWay, moved, NO_TALK, settled, type TalkHeld } from "./talk-state";

export interface TalkDeps {
  userId(): string;
  microphone: Pick<Microphone, "start" | "stop" | "isLive">;
  /** Whether media is known to be blocked on this network. */
  route: Pick<MediaRoute, "isBlocked" | "blocked">;
  /** Rejects with ApiError. */
  createRoom(lesson: TalkLesson, name: string): Promise<{ roomId: string; conversationId: string | null }>;
  room(roomId: string, blocked: () => void): TalkPath;
  socket(request: TalkRequest, changed: (request: TalkRequest) => void): TalkPath;
  newSessionId(): string;
  /** Id of the conversation of a session of its own; null where it cannot be computed. */
  conversationOf(userId: string, sessionId: string): Promise<string | null>;
  /** The stored part of a conversation; empty if it cannot be read. */
  storedLines(conversationId: string): Promise<DialogueLine[]>;
  keep(kept: KeptTalk | null): void;
}

/**
 * One talk alone with the tutor, in a room over WebRTC. Where no media gets through it goes on over a WebSocket, with the
 * same topic, level and conversation.
 */
export class TalkSession {
  readonly store = createStore<TalkHeld>(() => NO_TALK);
  private path: TalkPath | null = null;
  private unsubscribe: (() => void) | null = null;
  private kept: KeptTalk | null = null;
  /** Incremented by each start and end, so that what was begun before has no effect. */
  private epoch = 0;

  constructor(private readonly deps: TalkDeps) {}

  /** Only a click may call it: it opens the microphone and starts sound. `roomName`: of the room that carries the talk. */
  async start(lesson: TalkLesson, roomName: string): Promise<void> {
    const epoch = await this.begin();
    if (epoch === null) return;
    const { route, createRoom } = this.deps;
    if (route.isBlocked) return this.openSocket(lesson, null, false);
    try {
      const { roomId, conversationId } = await createRoom(lesson, roomName);
      if (epoch === this.epoch) this.openRoom(lesson, roomId, conversationId);
    } catch (error) {
      if (epoch === this.epoch) this.fail(error);
    }
  }

  /** Goes on with the talk that this tab had before a reload or a lost connection. Only a click may call it. */
  async resume(kept: KeptTalk): Promise<void> {
    const epoch = await this.begin();
    if (epoch === null) return;
    const { conversationId, lesson, roomId, sessionId, continues } = kept;
    const past = conversationId ? await this.deps.storedLines(conversationId) : [];
    if (epoch !== this.epoch) return;
    this.store.setState({ past });
    if (roomId && !this.deps.route.isBlocked) return this.openRoom(lesson, roomId, conversationId);
    const goesOn = continues || (roomId !== null && hasSpoken(past));
    this.openSocket(lesson, goesOn ? conversationId : null, false, sessionId);
  }

  setMuted(muted: boolean): void {
    this.path?.setMuted(muted);
  }

  toggleMuted(): void {
    this.setMuted(!this.store.getState().path.isMuted);
  }

  say(text: string): Promise<boolean> {
    return this.path?.say(text) ?? Promise.resolve(false);
  }

  tutorLevel(): number {
    return this.path?.tutorLevel() ?? Number.NEGATIVE_INFINITY;
  }

  retry(): void {
    this.path?.retry();
  }

  /** The person has ended the talk. */
  end(): void {
    if (!this.leave()) return;
    this.keep(null);
    this.store.setState(({ stage }) => ({ stage: moved(stage, "end") }));
  }

  /** The page is left; the talk can be resumed. */
  close(): void {
    if (this.leave()) this.store.setState(({ stage }) => ({ stage: moved(stage, "end") }));
  }

  /** Null if it was ended while the browser asked for the microphone. */
  private async begin(): Promise<number | null> {
    this.epoch += 1;
    const { epoch } = this;
    this.store.setState(({ stage }) => ({ ...NO_TALK, stage: moved(stage, "start") }), true);
    if (!this.deps.microphone.isLive) await this.deps.microphone.start();
    if (epoch !== this.epoch) {
      this.deps.microphone.stop();
      return null;
    }
    this.store.setState(({ stage }) => ({ stage: moved(stage, "asked") }));
    return epoch;
  }

  private openRoom(lesson: TalkLesson, roomId: string, conversationId: string | null): void {
    this.keep({
      userId: this.deps.userId(),
      lesson,
      roomId,
      sessionId: null,
      conversationId,
      continues: false,
    });
    this.store.setState(({ stage }) => ({ stage: moved(stage, "media"), conversationId }));
    const path = this.deps.room(roomId, () => void this.blocked(path));
    this.follow(path, false);
  }

  /** No media gets through: the rest of the talk needs none. */
  private async blocked(path: TalkPath): Promise<void> {
    const { kept, epoch } = this;
    if (path !== this.path || !kept || this.store.getState().stage !== "media") return;
    this.deps.route.blocked();
    const { dialogue, isMuted } = path.store.getState();
    const lines = [...this.store.getState().past, ...settled(dialogue)];
    const goesOn = hasSpoken(lines);
    this.forgetPath();
    this.store.setState(({ stage }) => ({
      stage: moved(stage, "blocked"),
      // A greeting that nobody heard is said again.
      past: goesOn ? lines : [],
    }));
    // The tutor leaves the room before it comes to the session.
    await path.end({ keepsMicrophone: true });
    if (epoch === this.epoch) this.openSocket(kept.lesson, goesOn ? kept.conversationId : null, isMuted);
  }

  private openSocket(
    lesson: TalkLesson,
    conversation: string | null,
    isMuted: boolean,
    known: string | null = null,
  ): void {
    const request = { lesson, conversation, sessionId: known ?? this.deps.newSessionId() };
    this.store.setState(({ stage }) => ({
      stage: moved(stage, "socket"),
      hasSwitched: true,
      path: { ...this.store.getState().path, phase: "connecting", tutor: null, trouble: null },
    }));
    this.remember(request);
    this.follow(
      this.deps.socket(request, (changed) => this.remember(changed)),
      isMuted,
    );
  }

  private remember({ lesson, conversation, sessionId }: TalkRequest): void {
    const userId = this.deps.userId();
    const kept = { userId, lesson, roomId: null, sessionId, conversationId: conversation };
    this.keep({ ...kept, continues: conversation !== null });
    this.store.setState({ conversationId: conversation });
    if (conversation !== null) return;
    const { epoch } = this;
    void this.deps.conversationOf(userId, sessionId).then((conversationId) => {
      if (epoch !== this.epoch) return;
      this.keep({ ...kept, conversationId, continues: false });
      this.store.setState({ conversationId });
    });
  }

  private follow(path: TalkPath, isMuted: boolean): void {
    this.path = path;
    const show = () => {
      const view = path.store.getState();
      this.store.setState({ path: view });
      if (view.phase === "closed") this.closed();
    };
    this.unsubscribe = path.store.subscribe(show);
    path.start(isMuted);
  }

  private closed(): void {
    this.forgetPath();
    this.epoch += 1;
    this.store.setState(({ stage }) => ({ stage: moved(stage, "fail") }));
  }

  private fail(error: unknown): void {
    this.epoch += 1;
    this.deps.microphone.stop();
    this.store.setState(({ stage }) => ({ stage: moved(stage, "fail"), error }));
  }

  /** Whether there was something to leave. */
  private leave(): boolean {
    const { stage } = this.store.getState();
    if (stage === "idle" || stage === "ended") return false;
    this.epoch += 1;
    const { path } = this;
    this.forgetPath();
    if (path) void path.end();
    else if (isUnderWay(stage)) this.deps.microphone.stop();
    return true;
  }

  private forgetPath(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.path = null;
  }

  private keep(kept: KeptTalk | null): void {
    this.kept = kept;
    this.deps.keep(kept);
  }
}
