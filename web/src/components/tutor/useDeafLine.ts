import { useTranslation } from "react-i18next";
import { useIsRecognizing } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { Tutor } from "../../protocol";

/** Where nothing here hears the language: that, and what one can do. */
export function useDeafLine({ status, engines, language }: Tutor): string | null {
  const { t } = useTranslation();
  const names = useNames();
  const isRecognizing = useIsRecognizing();
  if (status !== "ready" || !engines || engines.stt || isRecognizing) return null;
  return `${t("tutor.noStt", { language: names.language(language) })} ${t("tutor.deafHint")}`;
}
