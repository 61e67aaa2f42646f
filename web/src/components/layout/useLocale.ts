import { useEffect } from "react";
import { useSettings } from "../../hooks";
import { browserLocale, speak } from "../../i18n";

/** The page speaks the chosen language, or the browser's. */
export function useLocale(): void {
  const { locale } = useSettings();
  useEffect(() => {
    void speak(locale ?? browserLocale());
  }, [locale]);
}
