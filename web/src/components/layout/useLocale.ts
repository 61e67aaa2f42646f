import { useEffect } from "react";
import { useSettings } from "../../hooks";
import { browserLocale, speak } from "../../i18n";

/** Sets the page's language: the chosen one, or the browser's. */
export function useLocale(): void {
  const { locale } = useSettings();
  useEffect(() => {
    void speak(locale ?? browserLocale());
  }, [locale]);
}
