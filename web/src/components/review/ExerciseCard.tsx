import { Button, Group, TextInput } from "@mantine/core";
import { IconMicrophone } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, hasFailed, useSpokenAnswer } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { ReviewResult } from "../../protocol";
import { notify } from "../common/notify";
import { HearButton } from "./HearButton";
import classes from "./Review.module.css";

interface Props {
  place: string;
  language: string;
  /** Label of the field for the answer. */
  field: string;
  /** The question. */
  children: ReactNode;
  /** Shown after a wrong first try, and with the answer. */
  hint?: ReactNode;
  /** The answer, as it is shown. */
  solution(answer: string): ReactNode;
  /** `text` null asks for the answer. */
  answer(text: string | null, attempt: 1 | 2): Promise<ReviewResult>;
  onNext(wasRight: boolean): void;
}

/** Something to say or type rightly: two tries, then the answer. */
export function ExerciseCard({ place, language, field, children, hint, solution, answer, onNext }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [attempt, setAttempt] = useState<1 | 2>(1);
  const [isBusy, setBusy] = useState(false);
  const [result, setResult] = useState<ReviewResult | null>(null);
  const [again, setAgain] = useState<{ text: string; isRight: boolean } | null>(null);
  const send = async (words: string | null) => {
    if (isBusy) return;
    setBusy(true);
    try {
      const verdict = await answer(words, attempt);
      if (result) setAgain({ text: words ?? "", isRight: verdict.isRight });
      else if (verdict.answer === null) setAttempt(2);
      else setResult(verdict);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notify(errorText(t, error), "red");
    } finally {
      setBusy(false);
    }
  };
  const voice = useSpokenAnswer((words) => {
    setText(words);
    void send(words);
  });
  const speakButton = voice.isSupported && !hasFailed(voice.status) && (
    <Button
      variant="light"
      aria-pressed={voice.status === "on"}
      leftSection={<IconMicrophone size={18} aria-hidden="true" />}
      onClick={() => (voice.status === "on" ? voice.stop() : voice.listen(language))}
    >
      {t(voice.status === "on" ? "mistakes.listening" : result ? "mistakes.sayAgain" : "mistakes.say")}
    </Button>
  );
  return (
    <article className={classes.exercise} aria-label={place}>
      {children}
      <div role="status" className={classes.verdict}>
        {result && <strong>{t(result.isRight ? "mistakes.right" : "mistakes.answer")}</strong>}
        {!result && attempt === 2 && <strong>{t("mistakes.tryAgain")}</strong>}
        {(result || attempt === 2) && hint}
        {result?.answer && solution(result.answer)}
        {again && <p>{t(again.isRight ? "mistakes.saidRight" : "mistakes.heard", { text: again.text })}</p>}
      </div>
      {result?.answer ? (
        <Group>
          <Button autoFocus onClick={() => onNext(result.isRight)}>
            {t("mistakes.next")}
          </Button>
          <HearButton text={result.answer} language={language} />
          {speakButton}
        </Group>
      ) : (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) void send(text.trim());
          }}
        >
          <TextInput
            label={field}
            size="md"
            autoFocus
            autoComplete="off"
            autoCapitalize="sentences"
            spellCheck={false}
            maxLength={1_000}
            lang={language}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Group>
            <Button type="submit" loading={isBusy}>
              {t("mistakes.check")}
            </Button>
            {speakButton}
            <Button variant="subtle" onClick={() => void send(null)}>
              {t("mistakes.show")}
            </Button>
          </Group>
        </form>
      )}
      {voice.isSupported && (
        <p className={classes.note} role="status">
          {t(hasFailed(voice.status) ? "mistakes.cannotHear" : "mistakes.browserHears")}
        </p>
      )}
    </article>
  );
}
