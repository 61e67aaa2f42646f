import { Button, Group, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDeleteKnowledgeBase } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { useNames } from "../../i18n/names";
import type { KnowledgeBase } from "../../protocol";
import { notify } from "../common/notify";
import { Documents } from "./Documents";
import classes from "./Knowledge.module.css";
import { TryQuestion } from "./TryQuestion";

/** One knowledge base. Its documents are asked for once it is opened. */
export function KnowledgeBaseCard({ base }: { base: KnowledgeBase }) {
  const { t } = useTranslation();
  const names = useNames();
  const { mutateAsync } = useDeleteKnowledgeBase();
  const [isOpen, setIsOpen] = useState(base.documents === 0);
  const id = useId();
  const ask = () =>
    modals.openConfirmModal({
      title: t("documents.deleteTitle", { name: base.name }),
      children: <Text>{t("documents.deleteText")}</Text>,
      labels: { confirm: t("history.delete"), cancel: t("room.cancel") },
      confirmProps: { color: "red" },
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: () =>
        void mutateAsync(base.id).catch((error: unknown) => notify(errorText(t, error), "red")),
    });
  return (
    <section className={classes.card} aria-labelledby={id}>
      <div>
        <h2 id={id} dir="auto">
          {base.name}
        </h2>
        <p className={classes.facts}>
          {t("documents.count", { count: base.documents })} · {names.language(base.language)}
        </p>
      </div>
      {isOpen && <Documents base={base} />}
      {isOpen && base.documents > 0 && <TryQuestion baseId={base.id} />}
      <Group gap="xs">
        <Button variant="light" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? t("documents.close") : t("documents.open")}
        </Button>
        <Button variant="subtle" color="red" onClick={ask}>
          {t("documents.deleteBase")}
        </Button>
      </Group>
    </section>
  );
}
