import { persist } from "zustand/middleware";
import { createStore } from "zustand/vanilla";
import type { AnnouncementKind, Locale } from "./types";

export interface Settings {
  /** Single-key shortcuts can be turned off (WCAG 2.1.4). */
  shortcutsEnabled: boolean;
  pushToTalk: "space";
  announce: Record<AnnouncementKind, boolean>;
  /** Null until chosen: follow the browser. */
  locale: Locale | null;
  noiseSuppression: boolean;
  autoGain: boolean;
  /** Chosen by the person; null follows the system. */
  inputId: string | null;
  outputId: string | null;
  /** With the tutor: the microphone stays open, or opens while the button is held. */
  handsFree: boolean;
  /** Whether this person sees the words that are said with the tutor in a room of several. */
  captions: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  shortcutsEnabled: true,
  pushToTalk: "space",
  announce: { joins: true, leaves: true, mutes: true, hands: true },
  locale: null,
  noiseSuppression: true,
  autoGain: true,
  inputId: null,
  outputId: null,
  handsFree: false,
  captions: true,
};

export const settings = createStore<Settings>()(
  persist(() => DEFAULT_SETTINGS, {
    name: "parlor.settings",
    version: 1,
    merge: (stored, current) => {
      const saved = (stored ?? {}) as Partial<Settings>;
      return { ...current, ...saved, announce: { ...current.announce, ...saved.announce } };
    },
  }),
);
