import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { browserRecognition, Recognition, type RecognitionStatus } from "../core/recognition";

export interface SpokenAnswerHook {
  isSupported: boolean;
  status: RecognitionStatus;
  /** Listens until one sentence was recognized. Only a click may call it: it opens the microphone. */
  listen(language: string): void;
  stop(): void;
}

/** One sentence at a time by the browser's own recognition. */
export function useSpokenAnswer(onText: (text: string) => void): SpokenAnswerHook {
  const report = useRef(onText);
  report.current = onText;
  const [recognition] = useState(() => {
    const made: Recognition = new Recognition(browserRecognition(), (text, isFinal) => {
      if (!isFinal || made.store.getState().status !== "on") return;
      made.stop();
      report.current(text);
    });
    return made;
  });
  useEffect(() => () => recognition.stop(), [recognition]);
  const { status } = useStore(recognition.store);
  return {
    isSupported: recognition.isSupported,
    status,
    listen: (language) => recognition.start(language),
    stop: () => recognition.stop(),
  };
}
