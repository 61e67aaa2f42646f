import { useStore } from "zustand";
import { parlor } from "../core/parlor";
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

const { settings } = parlor;
const actions = {
  setShortcutsEnabled: (shortcutsEnabled: boolean) => settings.setState({ shortcutsEnabled }),
  setAnnounce: (kind: AnnouncementKind, on: boolean) =>
    settings.setState(({ announce }) => ({ announce: { ...announce, [kind]: on } })),
  setLocale: (locale: Locale) => settings.setState({ locale }),
};

export function useSettings(): SettingsHook {
  const { shortcutsEnabled, pushToTalk, announce, locale } = useStore(settings);
  return { shortcutsEnabled, pushToTalk, announce, locale, ...actions };
}
