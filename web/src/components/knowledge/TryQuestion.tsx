import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchKnowledge } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { KnowledgeFound } from "../../protocol";
import { FormError } from "../common/form-errors";
import classes from "./Knowledge.module.css";

/** Shows which passages a question finds, as the tutor gets them. */
export function TryQuestion({ baseId }: { baseId: string }) {
  const { t } = useTranslation();
  const { mutate, data, error, isPending } = useSearchKnowledge(baseId);
  const [question, setQuestion] = useState("");
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (question.trim()) mutate(question.trim());
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={t("documents.try")}
        value={question}
        maxLength={500}
        autoComplete="off"
        onChange={(event) => setQuestion(event.currentTarget.value)}
      />
      <Button type="submit" variant="light" loading={isPending}>
        {t("documents.ask")}
      </Button>
      {error && <FormError>{errorText(t, error)}</FormError>}
      <div role="status">{data && <Found found={data} />}</div>
    </form>
  );
}

function Found({ found }: { found: KnowledgeFound }) {
  const { t } = useTranslation();
  return (
    <>
      <p className={classes.verdict}>
        {found.isAnswered ? t("documents.answered") : t("documents.notAnswered")}
      </p>
      <ol className={classes.list}>
        {found.passages.map(({ documentId, document, heading, text }) => (
          <li key={`${documentId}${text}`} className={classes.passage}>
            <cite className={classes.facts} dir="auto">
              {[document, heading].filter(Boolean).join(" › ")}
            </cite>
            <blockquote dir="auto">{text}</blockquote>
          </li>
        ))}
      </ol>
    </>
  );
}
