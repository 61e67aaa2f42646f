import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useReports } from "../../hooks";
import type { ReportState, ReportSummary } from "../../protocol";
import { useMoment } from "../safety/useMoment";
import classes from "./Moderation.module.css";
import { useModerationNames } from "./names";
import { Pages } from "./Pages";

const MOST_COUNTED = 100;

/** Open reports, the oldest first, or closed ones, the newest first. */
export function ReportList({ state }: { state: ReportState }) {
  const { t } = useTranslation();
  const { pages, error, hasMore, loadMore } = useReports(state);
  const items = pages?.flatMap((page) => page.items) ?? [];
  const count = pages?.[0]?.openCount ?? 0;
  return (
    <>
      {state === "open" && count > 0 && (
        <p className={classes.soft} role="status">
          {count >= MOST_COUNTED ? t("moderation.openMany", { count }) : t("moderation.open", { count })}
        </p>
      )}
      <Pages
        label={t(`moderation.tabs.${state}`)}
        isEmpty={items.length === 0}
        isLoading={!pages}
        error={error}
        hasMore={hasMore}
        onMore={loadMore}
      >
        {items.map((report) => (
          <ReportRow key={report.id} report={report} />
        ))}
      </Pages>
    </>
  );
}

function ReportRow({ report }: { report: ReportSummary }) {
  const { t } = useTranslation();
  const names = useModerationNames();
  const name = names.target(report);
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <strong dir="auto">{t("moderation.about", { name })}</strong>
        <span className={classes.soft}>
          {report.outcome ? t(`moderation.outcomes.${report.outcome}`) : t(`safety.reasons.${report.reason}`)}
        </span>
      </div>
      <ReportOrigin report={report} />
      {report.words && (
        <p className={classes.words} dir="auto">
          {report.words}
        </p>
      )}
      <div className={classes.buttons}>
        <Button
          component={Link}
          to={`/moderation/reports/${report.id}`}
          variant="light"
          aria-label={`${t("moderation.look")}: ${name}`}
        >
          {t("moderation.look")}
        </Button>
      </div>
    </li>
  );
}

/** When, where and by whom. */
export function ReportOrigin({ report }: { report: ReportSummary }) {
  const { t } = useTranslation();
  const names = useModerationNames();
  const moment = useMoment();
  const parts = [
    moment(report.at),
    t(`moderation.places.${report.place}`, { room: report.roomName ?? "" }),
    t("moderation.by", { name: names.person(report.reporter) }),
  ];
  return <p className={classes.soft}>{parts.join(" · ")}</p>;
}
