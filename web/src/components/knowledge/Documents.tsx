import { ActionIcon, Button, FileButton } from "@mantine/core";
import { IconTrash, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAddDocument, useDeleteDocument, useDocuments } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { KnowledgeBase, KnowledgeDocument } from "../../protocol";
import { FormError } from "../common/form-errors";
import { notify } from "../common/notify";
import classes from "./Knowledge.module.css";

const ACCEPTED = ".md,.markdown,.txt,.pdf,text/markdown,text/plain,application/pdf";
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_NAME = 120;

interface Failure {
  name: string;
  text: string;
}

/** The documents of a base. Files are added one after the other; those that are refused are named with their reason. */
export function Documents({ base }: { base: KnowledgeBase }) {
  const { t } = useTranslation();
  const { data, error } = useDocuments(base.id);
  const { mutateAsync } = useAddDocument(base.id);
  const [adding, setAdding] = useState("");
  const [failures, setFailures] = useState<Failure[]>([]);
  const add = async (files: File[]) => {
    const failed: Failure[] = [];
    for (const file of files) {
      setAdding(file.name);
      const text = await mutateAsync(named(file)).then(
        () => "",
        (cause: unknown) => (file.size > MAX_BYTES ? t("documents.tooLarge") : errorText(t, cause)),
      );
      if (text) failed.push({ name: file.name, text });
    }
    setAdding("");
    setFailures(failed);
  };
  return (
    <>
      {error && <FormError>{errorText(t, error)}</FormError>}
      {data && data.items.length > 0 && (
        <ul className={classes.list}>
          {data.items.map((document) => (
            <DocumentRow key={document.id} baseId={base.id} document={document} />
          ))}
        </ul>
      )}
      <FileButton multiple accept={ACCEPTED} onChange={(files) => void add(files)}>
        {(props) => (
          <Button
            {...props}
            loading={adding !== ""}
            leftSection={<IconUpload size={20} aria-hidden="true" />}
            variant="light"
          >
            {t("documents.addDocument")}
          </Button>
        )}
      </FileButton>
      <p className={classes.facts} role="status">
        {adding ? t("documents.reading", { name: adding }) : t("documents.kinds")}
      </p>
      {failures.map(({ name, text }) => (
        <FormError key={name}>{t("documents.refused", { name, text })}</FormError>
      ))}
    </>
  );
}

function DocumentRow({ baseId, document }: { baseId: string; document: KnowledgeDocument }) {
  const { t } = useTranslation();
  const { mutateAsync, isPending } = useDeleteDocument(baseId);
  const remove = () =>
    void mutateAsync(document.id).catch((error: unknown) => notify(errorText(t, error), "red"));
  return (
    <li className={classes.row}>
      <span className={classes.name} dir="auto">
        {document.name}
      </span>
      <span className={classes.facts}>{t("documents.passages", { count: document.passages })}</span>
      <ActionIcon
        className={classes.delete}
        variant="subtle"
        color="gray"
        loading={isPending}
        aria-label={t("documents.deleteDocument", { name: document.name })}
        onClick={remove}
      >
        <IconTrash size={18} aria-hidden="true" />
      </ActionIcon>
    </li>
  );
}

/** With a name that the server takes: the end of a long one says what the file is. */
function named(file: File): File {
  const name = file.name.replace(/\p{Cc}/gu, " ").trim();
  return new File([file], name.length > MAX_NAME ? name.slice(-MAX_NAME) : name, { type: file.type });
}
