import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAddKnowledgeBase, useSettings } from "../../hooks";
import { FORM, FormError, formErrors } from "../common/form-errors";
import { LanguageSelect } from "../common/LanguageSelect";
import { DEFAULT_LANGUAGE } from "../common/profile-form";
import classes from "./Knowledge.module.css";

export function AddKnowledgeBase() {
  const { t } = useTranslation();
  const { mutateAsync, isPending, error } = useAddKnowledgeBase();
  const practised = useSettings().practiceLanguage ?? DEFAULT_LANGUAGE;
  const [name, setName] = useState("");
  const [language, setLanguage] = useState<string>(practised);
  const errors = error ? formErrors(t, error, ["name", "language"]) : {};
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    try {
      await mutateAsync({ name: name.trim(), language });
    } catch {
      return; // shown in the form
    }
    setName("");
  };
  return (
    <form className={classes.card} onSubmit={(event) => void submit(event)}>
      <h2>{t("documents.addBase")}</h2>
      <TextInput
        label={t("documents.baseName")}
        placeholder={t("documents.baseExample")}
        value={name}
        maxLength={60}
        required
        autoComplete="off"
        error={errors.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <LanguageSelect
        label={t("documents.language")}
        value={language}
        onChange={(value) => setLanguage(value ?? practised)}
      />
      {(errors[FORM] || errors.language) && <FormError>{errors[FORM] ?? errors.language}</FormError>}
      <Button type="submit" variant="light" loading={isPending}>
        {t("documents.create")}
      </Button>
    </form>
  );
}
