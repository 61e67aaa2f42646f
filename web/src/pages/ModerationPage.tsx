import { SegmentedControl, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PageLayout } from "../components/layout/PageLayout";
import { LogList } from "../components/moderation/LogList";
import { ModeratorGate } from "../components/moderation/ModeratorGate";
import { ReportList } from "../components/moderation/ReportList";
import { SanctionList } from "../components/moderation/SanctionList";

const PARTS = ["open", "closed", "active", "objected", "log"] as const;
type Part = (typeof PARTS)[number];

export default function ModerationPage() {
  const { t } = useTranslation();
  const [part, setPart] = useState<Part>("open");
  return (
    <PageLayout title={t("moderation.page")} width="narrow">
      <ModeratorGate>
        <Title order={1} tabIndex={-1} mb="md">
          {t("moderation.title")}
        </Title>
        <div style={{ overflowX: "auto" }}>
          <SegmentedControl
            aria-label={t("moderation.title")}
            data={PARTS.map((value) => ({ value, label: t(`moderation.tabs.${value}`) }))}
            value={part}
            onChange={(value) => setPart(value as Part)}
          />
        </div>
        <PartView part={part} />
      </ModeratorGate>
    </PageLayout>
  );
}

function PartView({ part }: { part: Part }) {
  if (part === "log") return <LogList />;
  if (part === "active" || part === "objected") return <SanctionList state={part} />;
  return <ReportList state={part} />;
}
