import { useTranslation } from "react-i18next";
import type { Tutor } from "../../protocol";
import { useKept } from "./useKept";
import { useVendors } from "./useVendors";

interface Props {
  tutor: Tutor;
  /** Said first: who listens. */
  lead?: string | undefined;
  className?: string | undefined;
}

/** The privacy note in short, for where it is always in sight: who gets the voices, who answers, what is kept. */
export function PrivacyLine({ tutor, lead, className }: Props) {
  const { t } = useTranslation();
  const vendors = useVendors(tutor);
  const kept = useKept();
  const engine = tutor.engines?.llm.name;
  const answers = engine && t("tutor.answeredBy", { engine });
  return <p className={className}>{[lead, vendors, answers, kept].filter(Boolean).join(" ")}</p>;
}
