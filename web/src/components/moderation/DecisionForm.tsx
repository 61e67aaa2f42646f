import { Button, NativeSelect, SegmentedControl, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useModerationActions } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { ReportDetail, SanctionKind } from "../../protocol";
import { FormError } from "../common/form-errors";
import { notify } from "../common/notify";
import classes from "./Moderation.module.css";

const KINDS: readonly SanctionKind[] = ["warn", "mute", "ban"];
/** Hours; 0: for good. */
const TIMES: Record<SanctionKind, readonly number[]> = {
  warn: [],
  mute: [1, 24, 168, 720],
  ban: [24, 168, 720, 0],
};
const ADDRESS_TIMES = [24, 1, 168, 0];
const MAX_MESSAGE = 500;

interface Props {
  report: ReportDetail;
  onDone(): void;
}

/** Warn, mute or ban the reported person, or close the report. */
export function DecisionForm({ report, onDone }: Props) {
  const { t } = useTranslation();
  const time = useTimes();
  const { decide, dismiss } = useModerationActions();
  const [kind, setKind] = useState<SanctionKind>("warn");
  const [hours, setHours] = useState(0);
  const [addressHours, setAddressHours] = useState(24);
  const [message, setMessage] = useState("");
  const [note, setNote] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { target } = report;
  const choose = (next: SanctionKind) => {
    setKind(next);
    setHours(TIMES[next][0] ?? 0);
  };
  const run = async (work: () => Promise<void>, done: string) => {
    setIsBusy(true);
    setError(null);
    try {
      await work();
      notify(done);
      onDone();
    } catch (failure) {
      setError(errorText(t, failure));
      setIsBusy(false);
    }
  };
  if (!target) return null;
  const sanction = {
    kind,
    targetId: target.id,
    reason: report.reason,
    hours: hours || null,
    message: message.trim(),
    note: note.trim(),
    reportId: report.id,
    ...(kind === "ban" ? { addressHours } : {}),
  };
  return (
    <form
      className={classes.part}
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => decide(sanction), t("moderation.done"));
      }}
    >
      <h2>{t("moderation.decide")}</h2>
      <SegmentedControl
        fullWidth
        aria-label={t("moderation.decide")}
        data={KINDS.map((value) => ({ value, label: t(`moderation.kinds.${value}`) }))}
        value={kind}
        onChange={(value) => choose(value as SanctionKind)}
      />
      {kind !== "warn" && (
        <NativeSelect
          label={t("moderation.for")}
          data={TIMES[kind].map((value) => ({ value: String(value), label: time(value) }))}
          value={String(hours)}
          onChange={(event) => setHours(Number(event.currentTarget.value))}
        />
      )}
      {kind === "ban" && (
        <NativeSelect
          label={t("moderation.address")}
          data={ADDRESS_TIMES.map((value) => ({
            value: String(value),
            label: value === 0 ? t("moderation.addressNone") : time(value),
          }))}
          value={String(addressHours)}
          onChange={(event) => setAddressHours(Number(event.currentTarget.value))}
        />
      )}
      <Textarea
        label={t("moderation.message")}
        description={t("moderation.messageHint")}
        value={message}
        maxLength={MAX_MESSAGE}
        autosize
        onChange={(event) => setMessage(event.currentTarget.value)}
      />
      <Textarea
        label={t("moderation.note")}
        value={note}
        maxLength={MAX_MESSAGE}
        autosize
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {error && <FormError>{error}</FormError>}
      <div className={classes.buttons}>
        <Button type="submit" color={kind === "ban" ? "red" : undefined} loading={isBusy}>
          {t(`moderation.doIt.${kind}`)}
        </Button>
        <Button
          variant="default"
          disabled={isBusy}
          onClick={() => void run(() => dismiss(report.id, note.trim()), t("moderation.dismissed"))}
        >
          {t("moderation.dismiss")}
        </Button>
      </div>
    </form>
  );
}

function useTimes(): (hours: number) => string {
  const { t } = useTranslation();
  return (hours) => {
    if (hours === 0) return t("moderation.forGood");
    if (hours < 48) return t("moderation.hours", { count: hours });
    return t("moderation.days", { count: hours / 24 });
  };
}
