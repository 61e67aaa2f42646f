import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import { ChunkPlayer } from "../core/chunk-player";
import { ClassSession } from "../core/class-session";
import type { ClassState } from "../core/class-state";
import type { MicrophoneStatus } from "../core/microphone";
import { parlor } from "../core/parlor";
import { capturePcm } from "../core/pcm-capture";
import { newSessionId } from "../core/voice-session-id";
import type { ClassText } from "../protocol";
import { heardMore } from "./useCourses";

export interface ClassHook extends ClassState {
  isMicrophoneOn: boolean;
  microphone: MicrophoneStatus;
  /** Begins at this sentence. Only a click may call it. */
  start(sentence: number): void;
  stop(): void;
  setMicrophone(on: boolean): void;
}

/** One class, taught until the page is left. The server notes what was heard of it. */
export function useClass(text: ClassText): ClassHook {
  const session = useMemo(() => sessionOf(text), [text]);
  useEffect(() => {
    const unsubscribe = session.store.subscribe((now, before) => look(now, before));
    return () => {
      unsubscribe();
      session.close();
      heardMore();
    };
  }, [session]);
  const state = useStore(session.store);
  const { isOn } = useStore(session.speech);
  const microphone = useStore(parlor.microphone.store, ({ status }) => status);
  return {
    ...state,
    isMicrophoneOn: isOn,
    microphone,
    start: (sentence) => session.start(sentence),
    stop: () => session.stop(),
    setMicrophone: (on) => void session.setMicrophone(on),
  };
}

function look(now: ClassState, before: ClassState): void {
  const hasEnded = now.phase === "finished" || now.phase === "stopped";
  if (hasEnded && now.phase !== before.phase) heardMore();
}

function sessionOf({ courseId, moduleIndex, subTopicIndex, language }: ClassText): ClassSession {
  const place = { courseId, module: moduleIndex, subTopic: subTopicIndex, language };
  // The same for all connections of a class, so that the server continues its conversation.
  const id = newSessionId();
  return new ClassSession(place, {
    open: () => open(id, language),
    player: (events) => new ChunkPlayer(events),
    microphone: parlor.microphone,
    capture: capturePcm,
    now: () => performance.now(),
    random: Math.random,
  });
}

/** Browsers send no headers of ours with a WebSocket, hence the token in the query. */
async function open(session: string, language: string): Promise<WebSocket> {
  const url = new URL("/ws/class", window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = new URLSearchParams({ session, language }).toString();
  const token = await parlor.session.token();
  if (token) url.searchParams.set("token", token);
  return new WebSocket(url);
}
