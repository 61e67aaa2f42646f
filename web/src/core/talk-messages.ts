import type {
  AudioStart,
  FluxAudioEnd,
  FluxError,
  ServerEvent,
  TalkAlive,
  TalkFeedback,
  TalkNoFeedback,
  TalkOpened,
  TalkState,
  TalkText,
  TalkTranscript,
} from "../protocol";

/** Messages of `server/protocol/voice/talking.py` and those of flux that the page needs. */
export type TalkMessage =
  | AudioStart
  | FluxAudioEnd
  | FluxError
  | TalkAlive
  | TalkFeedback
  | TalkNoFeedback
  | TalkOpened
  | TalkState
  | TalkText
  | TalkTranscript;

const MAX_CHARACTERS = 256 << 10;

/** Null for what is no message of the protocol: a newer server may send more. */
export function talkMessage(data: unknown): TalkMessage | null {
  if (typeof data !== "string" || data.length > MAX_CHARACTERS) return null;
  try {
    const message: unknown = JSON.parse(data);
    return typeof message === "object" && message !== null && "type" in message
      ? (message as TalkMessage)
      : null;
  } catch {
    return null;
  }
}

/** The same as an event of a room, for the dialogue; null if it has none. */
export function dialogueEvent(message: TalkMessage, seq: number): ServerEvent | null {
  switch (message.type) {
    case "TalkTranscript":
      return { name: "transcript", seq, ...message.part };
    case "TalkText":
      return { name: "tutor_text", seq, ...message.part };
    case "TalkFeedback":
      return { name: "feedback", seq, ...message.part };
    case "TalkNoFeedback":
      return { name: "feedback_none", seq, ...message.part };
    default:
      return null;
  }
}
