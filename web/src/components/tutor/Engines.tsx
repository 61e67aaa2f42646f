import { IconAlertTriangle, IconCloud, IconServer } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNames } from "../../i18n/names";
import type { Engine, Tutor } from "../../protocol";
import classes from "./Engines.module.css";

type Part = "stt" | "llm" | "tts";

/** The engines in use, and where they run. */
export function EnginesNote({ tutor }: { tutor: Tutor }) {
  const { t } = useTranslation();
  const names = useNames();
  const { engines } = tutor;
  if (!engines) return null;
  const language = names.languageInText(tutor.language);
  return (
    <ul className={classes.engines} aria-label={t("tutor.engines")}>
      {engines.stt ? (
        <EngineLine part="stt" engine={engines.stt} />
      ) : (
        <li>{t("tutor.noStt", { language })}</li>
      )}
      <EngineLine part="llm" engine={engines.llm} />
      {engines.tts ? (
        <EngineLine part="tts" engine={engines.tts} />
      ) : (
        <li>{t("tutor.noTts", { language })}</li>
      )}
    </ul>
  );
}

function EngineLine({ part, engine }: { part: Part; engine: Engine }) {
  const { t } = useTranslation();
  const Icon = engine.isCloud ? IconCloud : IconServer;
  const place = engine.isCloud ? t("tutor.atVendor", { vendor: engine.vendor }) : t("tutor.onThisServer");
  return (
    <li>
      <Icon size={16} aria-hidden="true" />
      <span>{t(`tutor.by.${part}`, { name: engine.name, place })}</span>
    </li>
  );
}

/** The engines that failed and were replaced. For a `status` region. */
export function FallbackNote({ tutor }: { tutor: Tutor }) {
  const { t } = useTranslation();
  if (tutor.fallbacks.length === 0) return null;
  return (
    <p className={classes.note}>
      <IconAlertTriangle size={18} aria-hidden="true" />
      {t("tutor.fallback", { names: tutor.fallbacks.join(", ") })}
    </p>
  );
}
