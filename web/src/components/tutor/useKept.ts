import { useTranslation } from "react-i18next";
import { useSession } from "../../hooks";

/** What the server keeps of a talk with a tutor, in one short sentence. */
export function useKept(): string {
  const { t } = useTranslation();
  const { user } = useSession();
  return user?.keepMyAudio ? t("tutor.keptVoice") : t("tutor.keptText");
}
