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
 * The browser's recognition in place of the tutor's own, for those who choose it; it hears while unmuted. Where it
 * does not work it is off again, so that the tutor's own ears hear what they can. `heard`: the tutor may have one's
 * words; otherwise nothing is recognized.
 */
export function useRecognition(language: string, heard: boolean): RecognitionHook {
  const { status, isChosen: isOn } = useStore(recognition.store);
  const isOpen = useStore(call.store, (state) => state.phase === "joined" && !state.isMuted);
  const isJoined = useStore(call.store, (state) => state.phase === "joined");
  useEffect(() => () => recognition.choose(false), []);
  useEffect(() => {
    if (!isOn || !isJoined) return;
    call.tutor.setRecognition(true);
    return () => {
      if (call.store.getState().phase === "joined") call.tutor.setRecognition(false);
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

/** Whether this browser hears in place of the tutor's own ears. */
export function useIsRecognizing(): boolean {
  return useStore(recognition.store, (state) => state.isChosen);
}
