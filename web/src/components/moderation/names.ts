import { useTranslation } from "react-i18next";
import type { ReportSummary, Sanction, SanctionKind } from "../../protocol";
import { useMoment } from "../safety/useMoment";

/** Texts that several parts of the moderators' pages share. */
export function useModerationNames() {
  const { t } = useTranslation();
  const moment = useMoment();
  return {
    target: ({ target, targetName }: Pick<ReportSummary, "target" | "targetName">) =>
      target?.name ?? (targetName || t("moderation.gone")),
    person: (person: { name: string } | null) => person?.name ?? t("moderation.gone"),
    /** "Ban until 1 December, for good, undone ...". */
    sanction: (sanction: Sanction) => [decision(sanction.kind, sanction.until), state(sanction)].join(" · "),
    decision,
  };

  function decision(kind: SanctionKind, until: string | null): string {
    const what = t(`moderation.did.${kind}`);
    if (kind === "warn") return what;
    return `${what}, ${until ? t("moderation.until", { date: moment(until) }) : t("moderation.goodUntil")}`;
  }

  function state({ at, undoneAt, acknowledgedAt }: Sanction): string {
    if (undoneAt) return t("moderation.wasUndone", { date: moment(undoneAt) });
    if (acknowledgedAt) return t("moderation.acknowledged", { date: moment(acknowledgedAt) });
    return moment(at);
  }
}
