import { createJSONStorage, persist } from "zustand/middleware";
import { createStore } from "zustand/vanilla";
import { local } from "./storage";

export type AnnouncementKind = "joins" | "leaves" | "mutes" | "hands" | "chat" | "reactions";
export type Locale = "en" | "vi";

export interface Settings {
  /** Single-key shortcuts can be turned off (WCAG 2.1.4). */
  shortcutsEnabled: boolean;
  pushToTalk: "space";
  announce: Record<AnnouncementKind, boolean>;
  /** Null until chosen: the browser's language. */
  locale: Locale | null;
  /** The language that the person learns, not that of the page; null until chosen. */
  practiceLanguage: string | null;
  noiseSuppression: boolean;
  autoGain: boolean;
  /** Devices chosen by the person; null is the system's default. */
  inputId: string | null;
  outputId: string | null;
  /** With the tutor: the microphone stays open instead of opening while the button is held. */
  handsFree: boolean;
  /** Whether captions of the conversation with the tutor are shown in a shared room. */
  captions: boolean;
  /** Factor on the tutor's wait in the person's pauses; 1: the wait of their level. */
  patience: number;
  /** In a group: corrections of what the person says to others, after the talk. */
  laterFeedback: boolean;
  /** Whether the browser's voice reads the chat of a room aloud. */
  speakChat: boolean;
  /** Short sounds when somebody comes, goes or raises a hand. */
  sounds: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  shortcutsEnabled: true,
  pushToTalk: "space",
  announce: { joins: true, leaves: true, mutes: true, hands: true, chat: true, reactions: true },
  locale: null,
  practiceLanguage: null,
  noiseSuppression: true,
  autoGain: true,
  inputId: null,
  outputId: null,
  handsFree: false,
  captions: true,
  patience: 1,
  laterFeedback: false,
  speakChat: false,
  sounds: true,
};

export const settings = createStore<Settings>()(
  persist(() => DEFAULT_SETTINGS, {
    name: "parlor.settings",
    version: 1,
    storage: createJSONStorage(() => local),
    merge: (stored, current) => {
      const saved = (stored ?? {}) as Partial<Settings>;
      return { ...current, ...saved, announce: { ...current.announce, ...saved.announce } };
    },
  }),
);
