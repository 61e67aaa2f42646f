import type { ClientEvents, SetTutorOptions } from "../protocol";

/** What people say and set to the tutor in their room. Refusals are told through `useRoomEvents`. */
export interface TutorActions {
  say(text: string): void;
  hold(speaking: boolean): void;
  recognized(text: string, isFinal: boolean): void;
  askTutor(): void;
  askFeedback(): void;
  setTopic(topic: string): void;
  setLevel(level: ClientEvents["set_level"]["payload"]["level"]): void;
  setTutorOptions(options: Partial<SetTutorOptions>): void;
  setHeard(heard: boolean): void;
  setRecognition(browser: boolean): void;
}

type Send = <N extends keyof ClientEvents>(event: N, payload: ClientEvents[N]["payload"]) => void;

export function tutorActions(send: Send): TutorActions {
  return {
    say: (text) => send("say", { text }),
    hold: (speaking) => send("hold", { speaking }),
    recognized: (text, isFinal) => send("recognized", { text, isFinal }),
    askTutor: () => send("ask_tutor", {}),
    askFeedback: () => send("ask_feedback", {}),
    setTopic: (topic) => send("set_topic", { topic }),
    setLevel: (level) => send("set_level", { level }),
    setTutorOptions: (options) => send("set_tutor_options", options),
    setHeard: (heard) => send("set_heard", { heard }),
    setRecognition: (browser) => send("set_recognition", { browser }),
  };
}
