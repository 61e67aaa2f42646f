import type { AnnouncementKind, Locale } from "../core/types";

export interface SettingsHook {
  /** Single-key shortcuts (WCAG 2.1.4): M mutes, holding space talks. */
  shortcutsEnabled: boolean;
  setShortcutsEnabled(on: boolean): void;
  pushToTalk: "space";
  announce: Record<AnnouncementKind, boolean>;
  setAnnounce(kind: AnnouncementKind, on: boolean): void;
  /** Null until chosen: follow the browser. */
  locale: Locale | null;
  setLocale(locale: Locale): void;
}

export function useSettings(): SettingsHook {
  return {
    shortcutsEnabled: true,
    setShortcutsEnabled: () => {},
    pushToTalk: "space",
    announce: { joins: true, leaves: true, mutes: true, hands: true },
    setAnnounce: () => {},
    locale: null,
    setLocale: () => {},
  };
}
