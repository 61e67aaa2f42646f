import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { type KeptCoach, keepCoach, readCoach } from "../core/coach-kept";
import { CoachSession } from "../core/coach-session";
import {
  type CoachState,
  hearsLearner,
  isRunning,
  linesOf,
  mayPress,
  maySay,
  type NewLine,
} from "../core/coach-state";
import type { MicrophoneStatus } from "../core/microphone";
import { parlor } from "../core/parlor";
import { capturePcm } from "../core/pcm-capture";
import { PcmPlayer } from "../core/pcm-player";
import { listenForShortcuts } from "../core/push-to-talk";
import { perTab } from "../core/storage";
import { newSessionId, voiceConversationId } from "../core/voice-session-id";
import type { ConversationDetail } from "../protocol";
import { queryClient } from "./query-client";
import type { HoldHook } from "./useHoldToSpeak";

export type CoachLesson = Omit<KeptCoach, "id">;

export interface CoachHook extends CoachState {
  /** A session of this tab that has not ended, from before a reload too. */
  kept: KeptCoach | null;
  /** Of the session that has just ended; null if not known. */
  conversationId: string | null;
  microphone: MicrophoneStatus;
  /** The coach can hear the learner in this language. */
  hears: boolean;
  mayPress: boolean;
  maySay: boolean;
  hold: HoldHook;
  /** Goes on with the session that is kept. Only a click may call it, as `start`. */
  resume(): void;
  start(lesson: CoachLesson): void;
  change(lesson: Partial<Pick<CoachLesson, "topic" | "difficulty">>): void;
  /** Typed words. Resolves to whether they were taken. */
  say(text: string): Promise<boolean>;
  askCorrection(): void;
  end(): void;
}

/** The coach session of this tab. It is closed, and can be resumed, when the page is left. */
export function useCoach(): CoachHook {
  const session = useMemo(() => newSession(), []);
  const state = useStore(session.store);
  const [kept, setKept] = useState(() => readCoach(perTab));
  const [conversationId, setConversationId] = useState<string | null>(null);
  const microphone = useStore(parlor.microphone.store, ({ status }) => status);
  useEffect(() => () => session.end(), [session]);
  useHoldKey(session, isRunning(state));
  const keep = (next: KeptCoach | null) => {
    keepCoach(perTab, next);
    setKept(next);
  };
  return {
    ...state,
    kept,
    conversationId,
    microphone,
    hears: hearsLearner(state),
    mayPress: mayPress(state),
    maySay: maySay(state),
    hold: { isHeld: state.phase === "recording", start: session.press, stop: session.letGo },
    resume: () => {
      if (kept) session.start(kept, () => storedLines(kept.id));
    },
    start: (lesson) => {
      const next = { ...lesson, id: newSessionId() };
      keep(next);
      setConversationId(null);
      session.start(next);
    },
    change: (lesson) => {
      if (!kept) return;
      const next = { ...kept, ...lesson };
      keep(next);
      session.change(next);
    },
    say: async (text) => session.say(text),
    askCorrection: () => session.askCorrection(),
    end: () => {
      session.end();
      if (kept) void conversationOf(kept.id).then(setConversationId);
      keep(null);
      void queryClient.invalidateQueries({ queryKey: ["conversations"] });
    },
  };
}

/** Space speaks where no field needs it, if the person has not turned shortcuts off. */
function useHoldKey(session: CoachSession, active: boolean): void {
  const withKeys = useStore(parlor.settings, (state) => state.shortcutsEnabled);
  useEffect(() => {
    if (!active || !withKeys) return;
    return listenForShortcuts({
      isMuted: () => session.store.getState().phase !== "recording",
      setMuted: (muted) => (muted ? session.letGo() : session.press()),
      toggleMute: () => {},
      held: () => {},
    });
  }, [active, withKeys, session]);
}

function newSession(): CoachSession {
  return new CoachSession({
    open,
    player: (events) => new PcmPlayer(events),
    microphone: parlor.microphone,
    capture: capturePcm,
    now: () => performance.now(),
    random: Math.random,
  });
}

/** Browsers send no headers of ours with a WebSocket, hence the token in the query. */
async function open({ id, language }: KeptCoach): Promise<WebSocket> {
  const url = new URL("/session", window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = new URLSearchParams({ session: id, language, extended: "1" }).toString();
  const token = await parlor.session.token();
  if (token) url.searchParams.set("token", token);
  return new WebSocket(url);
}

async function conversationOf(sessionId: string): Promise<string | null> {
  const { user } = parlor.session.store.getState();
  return user ? voiceConversationId("coach", user.id, sessionId) : null;
}

/** Nothing if the session has no conversation yet, or none that can be read. */
async function storedLines(sessionId: string): Promise<NewLine[]> {
  const id = await conversationOf(sessionId);
  if (!id) return [];
  const found = await parlor.api.get<ConversationDetail>(`/conversations/${id}`).catch(() => null);
  return found ? linesOf(found.messages) : [];
}
