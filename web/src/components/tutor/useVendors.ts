import { useTranslation } from "react-i18next";
import { useIsRecognizing } from "../../hooks";
import type { Tutor } from "../../protocol";

/** Where the voices and the words of the room go, in one sentence. */
export function useVendors(tutor: Tutor): string {
  const { t, i18n } = useTranslation();
  const isRecognizing = useIsRecognizing();
  const { engines, name } = tutor;
  if (!engines) return t("tutor.vendorsUnknown", { name });
  const all = [engines.stt, engines.llm, engines.tts];
  const vendors = [...new Set(all.flatMap((engine) => (engine?.isCloud ? [engine.vendor] : [])))];
  if (vendors.length === 0)
    return isRecognizing ? t("tutor.vendorsBrowserOnly") : t("tutor.vendorsNone", { name });
  const list = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(vendors);
  const sentence = t("tutor.vendors", { name, vendors: list });
  return isRecognizing ? `${sentence} ${t("tutor.vendorsBrowser")}` : sentence;
}
