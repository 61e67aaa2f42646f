import { useCallback, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { talkActivity } from "../core/call-activity";
import { linesOf } from "../core/dialogue";
import { meterLevel } from "../core/level-meter";
import type { MicrophoneStatus } from "../core/microphone";
import { parlor } from "../core/parlor";
import { capturePcm } from "../core/pcm-capture";
import { PcmPlayer } from "../core/pcm-player";
import { listenForShortcuts } from "../core/push-to-talk";
import { perTab } from "../core/storage";
import { type KeptTalk, keepTalk, MediaRoute, readTalk } from "../core/talk-kept";
import type { TalkLesson } from "../core/talk-path";
import { TalkRoom } from "../core/talk-room";
import { TalkSession } from "../core/talk-session";
import { TALK_HZ, type TalkRequest, TalkSocket } from "../core/talk-socket";
import { isUnderWay, type TalkView, viewOfTalk } from "../core/talk-state";
import { newSessionId, voiceConversationId } from "../core/voice-session-id";
import type { ConversationDetail } from "../protocol";
import { queryClient } from "./query-client";
import type { CreateRoomHook } from "./useCreateRoom";
import { useCreateRoom } from "./useCreateRoom";

export interface TalkHook extends TalkView {
  /** A talk of this tab that has not ended, from before a reload too. */
  kept: KeptTalk | null;
  microphone: MicrophoneStatus;
  /** Space is pressed, which opens the microphone meanwhile. */
  isHeld: boolean;
  /** Only a click may call it, as `resume`. `roomName`: of the room that carries the talk. */
  start(lesson: TalkLesson, roomName: string): void;
  resume(): void;
  setMuted(muted: boolean): void;
  toggleMuted(): void;
  /** Resolves to whether the words were taken. */
  say(text: string): Promise<boolean>;
  retry(): void;
  end(): void;
  /** Forgets the talk that could be resumed. */
  discard(): void;
  /** Level of a voice now, 0 to 1. */
  levelOf(who: "me" | "tutor"): number;
}

export const mediaRoute = new MediaRoute(perTab);
window.addEventListener("online", () => mediaRoute.networkChanged());

/** The talk of this tab, alone with the tutor. It is closed, and can be resumed, when the page is left. */
export function useTalk(): TalkHook {
  const { create } = useCreateRoom();
  const userId = useStore(parlor.session.store, ({ user }) => user?.id ?? "");
  const [kept, setKept] = useState(() => readTalk(perTab, userId));
  const session = useMemo(() => newTalk(create, setKept), [create]);
  const held = useStore(session.store);
  const microphone = useStore(parlor.microphone.store, ({ status }) => status);
  const isActive = isUnderWay(held.stage);
  const isHeld = useTalkKeys(session, isActive);
  const view = useMemo(() => viewOfTalk(held), [held]);
  const setMuted = useCallback((muted: boolean) => session.setMuted(muted), [session]);
  useEffect(() => () => session.close(), [session]);
  useEffect(() => parlor.session.ended.on(() => session.end()), [session]);
  useActivity(session, held.stage === "socket", view.isMuted);
  return {
    ...view,
    kept,
    microphone,
    isHeld,
    start: (lesson, roomName) => {
      unlockSound();
      void session.start(lesson, roomName);
    },
    resume: () => {
      if (!kept) return;
      unlockSound();
      void session.resume(kept);
    },
    setMuted,
    toggleMuted: () => session.toggleMuted(),
    say: (text) => session.say(text),
    retry: () => session.retry(),
    end: () => {
      session.end();
      void queryClient.invalidateQueries({ queryKey: ["conversations"] });
    },
    discard: () => {
      keepTalk(perTab, null);
      setKept(null);
    },
    levelOf: (who) =>
      who === "me"
        ? meterLevel(view.isMuted ? -100 : parlor.microphone.level())
        : meterLevel(session.tutorLevel()),
  };
}

/** Browsers start sound only in a click. */
function unlockSound(): void {
  parlor.playback.unblock();
}

/** A talk over a WebSocket is no call: what asks before a page is left, or reloaded, finds it here. */
function useActivity(session: TalkSession, isActive: boolean, isMuted: boolean): void {
  useEffect(() => {
    if (!isActive) return;
    talkActivity.setState({ talk: { isMuted, leave: () => session.close() } });
    return () => talkActivity.setState({ talk: null });
  }, [session, isActive, isMuted]);
}

/** Space speaks while it is held and M toggles the microphone, if the person has not turned shortcuts off. */
function useTalkKeys(session: TalkSession, isActive: boolean): boolean {
  const withKeys = useStore(parlor.settings, (state) => state.shortcutsEnabled);
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (!isActive || !withKeys) return;
    return listenForShortcuts({
      isMuted: () => session.store.getState().path.isMuted,
      setMuted: (muted) => session.setMuted(muted),
      toggleMute: () => session.toggleMuted(),
      held: setHeld,
    });
  }, [isActive, withKeys, session]);
  return isHeld;
}

function newTalk(create: CreateRoomHook["create"], kept: (kept: KeptTalk | null) => void) {
  return new TalkSession({
    userId: () => parlor.session.store.getState().user?.id ?? "",
    microphone: parlor.microphone,
    route: mediaRoute,
    createRoom: async (lesson, name) => {
      const room = await create({ ...lesson, name, type: "ai" });
      return { roomId: room.id, conversationId: room.tutor?.conversationId ?? null };
    },
    room: (roomId, blocked) =>
      new TalkRoom(
        {
          call: parlor.call,
          microphone: parlor.microphone,
          levelOf: (id) => parlor.playback.levelOf(id),
        },
        roomId,
        blocked,
      ),
    socket: (request, changed) => new TalkSocket(SOCKET, request, changed),
    newSessionId,
    conversationOf: (userId, sessionId) => voiceConversationId("flux", userId, sessionId),
    storedLines: async (conversationId) => {
      const path = `/conversations/${conversationId}`;
      const found = await parlor.api.get<ConversationDetail>(path).catch(() => null);
      return found ? linesOf(found, parlor.session.store.getState().user?.id ?? "") : [];
    },
    keep: (next) => {
      keepTalk(perTab, next);
      kept(next);
    },
  });
}

const SOCKET = {
  open,
  player: (events: ConstructorParameters<typeof PcmPlayer>[0]) => new PcmPlayer(events, TALK_HZ),
  microphone: parlor.microphone,
  capture: capturePcm,
  now: () => performance.now(),
  random: Math.random,
};

/** Browsers send no headers of ours with a WebSocket, hence the token in the query. */
async function open({ sessionId, conversation, lesson }: TalkRequest): Promise<WebSocket> {
  const url = new URL(`/v2/flux/${sessionId}`, window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = new URLSearchParams({ extended: "1", ...lesson }).toString();
  if (conversation) url.searchParams.set("conversation", conversation);
  const token = await parlor.session.token();
  if (token) url.searchParams.set("token", token);
  return new WebSocket(url);
}
