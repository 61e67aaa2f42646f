import { useCall } from "../../hooks";
import { HearButton } from "./HearButton";

/** Hear a sentence during a talk. Not while the microphone is open: the tutor, or everyone, would hear it too. */
export function HearInTalk({ text, language }: { text: string; language: string }) {
  const { me } = useCall();
  return me?.isMuted ? <HearButton text={text} language={language} /> : null;
}
