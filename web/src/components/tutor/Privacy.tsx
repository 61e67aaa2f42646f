import { useTranslation } from "react-i18next";
import { useIsRecognizing, useSession } from "../../hooks";
import type { Tutor } from "../../protocol";

/** States that a tutor listens, which vendors receive the audio, and what is saved. */
export function PrivacyNote({ tutor, className }: { tutor: Tutor; className?: string | undefined }) {
  const { t } = useTranslation();
  return (
    <p className={className}>
      {t("tutor.listens", { name: tutor.name })} {useVendorsText(tutor)} {t("tutor.saved")}
    </p>
  );
}

interface Props {
  tutor: Tutor;
  /** Shown first: who listens. */
  lead?: string | undefined;
  className?: string | undefined;
}

/** The short privacy note that is always visible: who receives the voices, who answers, what is saved. */
export function PrivacySummary({ tutor, lead, className }: Props) {
  const { t } = useTranslation();
  const vendors = useVendorsText(tutor);
  const kept = useKeptText();
  const engine = tutor.engines?.llm.name;
  const answers = engine && t("tutor.answeredBy", { engine });
  return <p className={className}>{[lead, vendors, answers, kept].filter(Boolean).join(" ")}</p>;
}

/** Says in one sentence which parts of a conversation with the tutor the server saves. */
export function useKeptText(): string {
  const { t } = useTranslation();
  const { user } = useSession();
  return user?.keepMyAudio ? t("tutor.savedVoice") : t("tutor.savedText");
}

/** Says in one sentence which vendors receive the voices and words of the room. */
export function useVendorsText(tutor: Pick<Tutor, "engines" | "name">): string {
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
