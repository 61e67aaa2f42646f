import { useTranslation } from "react-i18next";
import type { Tutor } from "../../protocol";

/** Where the voices and the words of the room go, in one sentence. */
export function useVendors(tutor: Tutor): string {
  const { t, i18n } = useTranslation();
  const { engines } = tutor;
  if (!engines) return t("tutor.vendorsUnknown");
  const all = [engines.stt, engines.llm, engines.tts];
  const vendors = [...new Set(all.flatMap((engine) => (engine?.isCloud ? [engine.vendor] : [])))];
  if (vendors.length === 0) return t("tutor.vendorsNone");
  const list = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(vendors);
  return t("tutor.vendors", { vendors: list });
}
