import { useTranslation } from "react-i18next";
import { useIsRecognizing, useSession } from "../../hooks";
import type { Tutor } from "../../protocol";

/** That a tutor listens, who else gets what it hears, and what is kept. */
export function PrivacyNote({ tutor, className }: { tutor: Tutor; className?: string | undefined }) {
  const { t } = useTranslation();
  return (
    <p className={className}>
      {t("tutor.listens", { name: tutor.name })} {useVendorsText(tutor)} {t("tutor.kept")}
    </p>
  );
}

interface Props {
  tutor: Tutor;
  /** Said first: who listens. */
  lead?: string | undefined;
  className?: string | undefined;
}

/** The privacy note in short, for where it is always in sight: who gets the voices, who answers, what is kept. */
export function PrivacySummary({ tutor, lead, className }: Props) {
  const { t } = useTranslation();
  const vendors = useVendorsText(tutor);
  const kept = useKeptText();
  const engine = tutor.engines?.llm.name;
  const answers = engine && t("tutor.answeredBy", { engine });
  return <p className={className}>{[lead, vendors, answers, kept].filter(Boolean).join(" ")}</p>;
}

/** What the server keeps of a talk with a tutor, in one short sentence. */
export function useKeptText(): string {
  const { t } = useTranslation();
  const { user } = useSession();
  return user?.keepMyAudio ? t("tutor.keptVoice") : t("tutor.keptText");
}

/** Where the voices and the words of the room go, in one sentence. */
export function useVendorsText(tutor: Tutor): string {
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
