import { Anchor, NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useCall, useKnowledgeBases, useRoomTutor } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { Tutor } from "../../protocol";
import { notify } from "../common/notify";

/** The host's documents that the tutor answers from. The tutor tells only their name. */
export function DocumentsOption({ tutor }: { tutor: Tutor }) {
  const { t } = useTranslation();
  const { data } = useKnowledgeBases();
  const { room } = useCall();
  const { invite } = useRoomTutor(room?.id ?? "");
  const bases = data?.items ?? [];
  const chosen = bases.find(({ name }) => name === tutor.knowledgeBase);
  const choose = (id: string) =>
    void invite
      .mutateAsync({ knowledgeBaseId: id || null })
      .catch((error: unknown) => notify(errorText(t, error), "red"));
  const options = bases.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <div>
      <NativeSelect
        label={t("documents.option")}
        description={t("documents.optionHint")}
        data={[{ value: "", label: t("documents.none") }, ...options]}
        value={chosen?.id ?? ""}
        disabled={bases.length === 0}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <Anchor component={Link} to="/practice/documents" target="_blank" size="sm">
        {t("documents.manage")}
      </Anchor>
    </div>
  );
}
