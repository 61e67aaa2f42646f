import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAddWord, useSettings } from "../../hooks";
import { FORM, FormError, formErrors } from "../common/form-errors";
import { DEFAULT_LANGUAGE } from "../common/profile-form";
import classes from "./Review.module.css";

/** A word of one's own, in the language that is practised. */
export function AddWord() {
  const { t } = useTranslation();
  const { mutateAsync, isPending, error } = useAddWord();
  const language = useSettings().practiceLanguage ?? DEFAULT_LANGUAGE;
  const [word, setWord] = useState("");
  const [meaning, setMeaning] = useState("");
  const errors = error ? formErrors(t, error, ["word", "meaning"]) : {};
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    if (!word.trim() || !meaning.trim()) return;
    try {
      await mutateAsync({ language, word: word.trim(), meaning: meaning.trim(), sentence: "" });
    } catch {
      return; // shown in the form
    }
    setWord("");
    setMeaning("");
  };
  return (
    <form className={classes.add} onSubmit={(event) => void submit(event)}>
      <h2>{t("words.addTitle")}</h2>
      <TextInput
        label={t("words.word")}
        value={word}
        maxLength={80}
        required
        lang={language}
        autoComplete="off"
        error={errors.word}
        onChange={(event) => setWord(event.currentTarget.value)}
      />
      <TextInput
        label={t("words.meaning")}
        value={meaning}
        maxLength={200}
        required
        autoComplete="off"
        error={errors.meaning}
        onChange={(event) => setMeaning(event.currentTarget.value)}
      />
      {errors[FORM] && <FormError>{errors[FORM]}</FormError>}
      <Button type="submit" variant="light" loading={isPending}>
        {t("words.add")}
      </Button>
    </form>
  );
}
