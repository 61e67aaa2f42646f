import { Button, Radio, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSafetyActions } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { ReportReason } from "../../protocol";
import { FormError } from "../common/form-errors";
import { notify } from "../common/notify";
import classes from "./Safety.module.css";

export const REASONS: readonly ReportReason[] = [
  "insults",
  "hate",
  "sexual",
  "threats",
  "minors",
  "spam",
  "name",
  "other",
];
const MAX_WORDS = 1_000;

/** Whom the report is about. `roomId`: the room in which it is sent; `lineId`: the line of its chat. */
export interface ReportTarget {
  userId: string;
  name: string;
  roomId?: string | undefined;
  lineId?: string | undefined;
}

interface Props {
  target: ReportTarget;
  onDone(): void;
}

/** A reason, and words for those who like. */
export function ReportForm({ target: { userId, name, roomId, lineId }, onDone }: Props) {
  const { t } = useTranslation();
  const { report } = useSafetyActions();
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [words, setWords] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const send = async (event: React.FormEvent) => {
    event.preventDefault();
    if (!reason) return;
    setIsBusy(true);
    setError(null);
    try {
      await report({ targetId: userId, reason, words: words.trim(), roomId, lineId });
      notify(t("safety.reportThanks"));
      onDone();
    } catch (failure) {
      setError(errorText(t, failure));
      setIsBusy(false);
    }
  };
  return (
    <form className={classes.stack} onSubmit={(event) => void send(event)}>
      <p>{t("safety.reportLead", { name })}</p>
      <Radio.Group
        label={t("safety.reportReason")}
        value={reason}
        onChange={(value) => setReason(value as ReportReason)}
      >
        <div className={classes.stack} style={{ marginTop: 8 }}>
          {REASONS.map((each) => (
            <Radio key={each} value={each} label={t(`safety.reasons.${each}`)} />
          ))}
        </div>
      </Radio.Group>
      <Textarea
        label={t("safety.reportWords")}
        description={t("safety.reportWordsHint")}
        value={words}
        maxLength={MAX_WORDS}
        autosize
        minRows={2}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {roomId !== undefined && <p className={classes.soft}>{t("safety.reportChat")}</p>}
      {error && <FormError>{error}</FormError>}
      <div className={classes.buttons}>
        <Button type="submit" loading={isBusy} disabled={reason === null}>
          {t("safety.reportSend")}
        </Button>
        <Button variant="subtle" onClick={onDone}>
          {t("room.cancel")}
        </Button>
      </div>
    </form>
  );
}
