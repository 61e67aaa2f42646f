import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useIsRecognizing, useTutorOffer } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { Tutor } from "../../protocol";

/** The tutor's state as text: starting, lost, or what it does. `isStale`: the server is out of reach. */
export function useTutorStateText(tutor: Tutor, isStale: boolean): string {
  const { t } = useTranslation();
  if (isStale) return t("tutor.unknownState");
  if (tutor.status === "ready") return t(`tutor.states.${tutor.state}`);
  return t(`tutor.statuses.${tutor.status}`);
}

/** The text for a tutor that cannot recognize its language, with what to do; null if it can. */
export function useNoSttText({ status, engines, language }: Tutor): string | null {
  const { t } = useTranslation();
  const names = useNames();
  const isRecognizing = useIsRecognizing();
  if (status !== "ready" || !engines || engines.stt || isRecognizing) return null;
  return `${t("tutor.noStt", { language: names.languageInText(language) })} ${t("tutor.noSttHint")}`;
}

/** The text for a language that no tutor speaks, with the languages available; null if one speaks it. */
export function useUnsupportedLanguageText(language: string): string | null {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const offered = useTutorOffer();
  if (offered === null || offered.includes(language.split("-", 1)[0] ?? language)) return null;
  const list = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  return t("tutor.unsupportedLanguage", {
    language: names.languageInText(language),
    languages: list.format(offered.map(names.languageInText)),
  });
}

/** Whether the tutor has role plays in the language: without a language model only in English. */
export function useHasRolePlays(language: string): boolean {
  return useTutorOffer() === null || language.split("-", 1)[0] === "en";
}

/** Shown below a choice of language that the tutor does not speak. */
export function UnsupportedLanguageNote({ language }: { language: string }) {
  const line = useUnsupportedLanguageText(language);
  return <div role="status">{line && <Alert color="brass">{line}</Alert>}</div>;
}
