import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useKnowledgeBases } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { FormError } from "../common/form-errors";
import { PageLoader } from "../common/PageLoader";
import { StatusPage } from "../common/StatusPage";
import { AddKnowledgeBase } from "./AddKnowledgeBase";
import { KnowledgeBaseCard } from "./KnowledgeBaseCard";

/** All knowledge bases with their documents, and a form for one more. */
export function KnowledgeView() {
  const { t } = useTranslation();
  const { data, error } = useKnowledgeBases();
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  if (!data) return <PageLoader />;
  return (
    <>
      <Text mb="md">{t("documents.about")}</Text>
      {data.items.length === 0 ? (
        <StatusPage as="note" title={t("documents.emptyTitle")} text={t("documents.emptyText")} />
      ) : (
        data.items.map((base) => <KnowledgeBaseCard key={base.id} base={base} />)
      )}
      {data.items.length < data.maximum && <AddKnowledgeBase />}
    </>
  );
}
