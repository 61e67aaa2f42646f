import { useStore } from "zustand";
import { account } from "../core/account";
import type { AnnouncementKind, Locale } from "../core/settings";

export interface SettingsHook {
  /** Single-key shortcuts (WCAG 2.1.4): M mutes, holding space talks. */
  shortcutsEnabled: boolean;
  setShortcutsEnabled(on: boolean): void;
  pushToTalk: "space";
  announce: Record<AnnouncementKind, boolean>;
  setAnnounce(kind: AnnouncementKind, on: boolean): void;
  /** Null until chosen: the browser's language. */
  locale: Locale | null;
  setLocale(locale: Locale): void;
  /** The language that the person learns, not that of the page; null until chosen. */
  practiceLanguage: string | null;
  setPracticeLanguage(language: string | null): void;
  /** With the tutor: the microphone stays open instead of opening while the button is held. */
  handsFree: boolean;
  setHandsFree(on: boolean): void;
  captions: boolean;
  setCaptions(on: boolean): void;
  /** Factor on the tutor's wait in the person's pauses; 1: the wait of their level. */
  patience: number;
  setPatience(patience: number): void;
  /** In a group: corrections of what the person says to others, after the talk. */
  laterFeedback: boolean;
  setLaterFeedback(on: boolean): void;
  /** Whether the browser's voice reads the chat of a room aloud. */
  speakChat: boolean;
  setSpeakChat(on: boolean): void;
  /** Short sounds when somebody comes, goes or raises a hand. */
  sounds: boolean;
  setSounds(on: boolean): void;
}

const { settings } = account;
const actions = {
  setShortcutsEnabled: (shortcutsEnabled: boolean) => settings.setState({ shortcutsEnabled }),
  setAnnounce: (kind: AnnouncementKind, on: boolean) =>
    settings.setState(({ announce }) => ({ announce: { ...announce, [kind]: on } })),
  setLocale: (locale: Locale) => settings.setState({ locale }),
  setPracticeLanguage: (practiceLanguage: string | null) => settings.setState({ practiceLanguage }),
  setHandsFree: (handsFree: boolean) => settings.setState({ handsFree }),
  setCaptions: (captions: boolean) => settings.setState({ captions }),
  setPatience: (patience: number) => settings.setState({ patience }),
  setLaterFeedback: (laterFeedback: boolean) => settings.setState({ laterFeedback }),
  setSounds: (sounds: boolean) => settings.setState({ sounds }),
  setSpeakChat: (speakChat: boolean) => settings.setState({ speakChat }),
};

/** The person's choices, kept in this browser. */
export function useSettings(): SettingsHook {
  const {
    shortcutsEnabled,
    pushToTalk,
    announce,
    locale,
    practiceLanguage,
    handsFree,
    captions,
    patience,
    laterFeedback,
    speakChat,
    sounds,
  } = useStore(settings);
  return {
    shortcutsEnabled,
    pushToTalk,
    announce,
    locale,
    practiceLanguage,
    handsFree,
    captions,
    patience,
    laterFeedback,
    speakChat,
    sounds,
    ...actions,
  };
}
