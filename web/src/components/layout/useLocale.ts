import { useEffect } from "react";
import { useSettings } from "../../hooks";
import { browserLocale, i18n } from "../../i18n";

/** The page speaks the chosen language, or the browser's; `lang` tells screen readers which voice to use. */
export function useLocale(): void {
  const { locale } = useSettings();
  useEffect(() => {
    const language = locale ?? browserLocale();
    document.documentElement.lang = language;
    void i18n.changeLanguage(language);
  }, [locale]);
}
