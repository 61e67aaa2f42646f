import { useTranslation } from "react-i18next";
import type { Locale } from "../../hooks";

/** The language of e-mails: the page's. */
export function useMailLanguage(): Locale {
  return useTranslation().i18n.language.startsWith("vi") ? "vi" : "en";
}
