import { useEffect } from "react";
import { useStore } from "zustand";
import { parlor } from "../core/parlor";
import type { RecognitionStatus } from "../core/recognition";

export interface RecognitionHook {
  isSupported: boolean;
  status: RecognitionStatus;
  isOn: boolean;
  setOn(on: boolean): void;
}

const { recognition, call } = parlor;

/**
 * The browser's speech recognition instead of the tutor's, for people who choose it; active while unmuted. If it fails,
 * it is turned off, so that the tutor's own recognition is used again. `heard`: the person consents to being heard by
 * the tutor; without consent nothing is recognized.
 */
export function useRecognition(language: string, heard: boolean): RecognitionHook {
  const { status, isChosen: isOn } = useStore(recognition.store);
  const isOpen = useStore(call.store, (state) => state.phase === "joined" && !state.isMuted);
  const isJoined = useStore(call.store, (state) => state.phase === "joined");
  useEffect(() => () => recognition.choose(false), []);
  useEffect(() => {
    if (!isOn || !isJoined) return;
    call.send("set_recognition", { browser: true });
    return () => {
      if (call.store.getState().phase === "joined") call.send("set_recognition", { browser: false });
    };
  }, [isOn, isJoined]);
  useEffect(() => {
    if (!isOn || !isOpen || !heard) return;
    recognition.start(language);
    return () => recognition.stop();
  }, [isOn, isOpen, heard, language]);
  return {
    isSupported: recognition.isSupported,
    status,
    isOn,
    setOn: (on) => recognition.choose(on),
  };
}

/** Whether this browser recognizes speech instead of the tutor. */
export function useIsRecognizing(): boolean {
  return useStore(recognition.store, (state) => state.isChosen);
}
