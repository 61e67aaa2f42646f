import { useTranslation } from "react-i18next";
import { useNames } from "../../i18n/names";
import type { Tutor } from "../../protocol";

/** Where nothing here hears the language: that, and what one can do. */
export function useDeafLine({ status, engines, language }: Tutor): string | null {
  const { t } = useTranslation();
  const names = useNames();
  if (status !== "ready" || !engines || engines.stt) return null;
  return `${t("tutor.noStt", { language: names.language(language) })} ${t("tutor.deafHint")}`;
}
