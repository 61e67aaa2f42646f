import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Locale } from "../hooks";
import en from "./en.json";
import vi from "./vi.json";

export const LOCALES: Record<Locale, string> = { en: "English", vi: "Tiếng Việt" };

/** The first language of the browser that we have texts in; English otherwise. */
export function browserLocale(wanted: readonly string[] = navigator.languages): Locale {
  for (const tag of wanted) {
    const language = tag.split("-")[0]?.toLowerCase();
    if (language === "en" || language === "vi") return language;
  }
  return "en";
}

export const i18n = i18next.createInstance();

void i18n.use(initReactI18next).init({
  resources: { en: { translation: en }, vi: { translation: vi } },
  lng: browserLocale(),
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  initAsync: false,
});
