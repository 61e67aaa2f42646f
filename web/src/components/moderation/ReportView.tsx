import { Anchor, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useReport } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { ReportDetail } from "../../protocol";
import { FormError } from "../common/form-errors";
import { PageLoader } from "../common/PageLoader";
import { DecisionForm } from "./DecisionForm";
import classes from "./Moderation.module.css";
import { useModerationNames } from "./names";
import { ReportOrigin } from "./ReportList";
import { SanctionRow } from "./SanctionRow";

/** One report: what was reported, what was decided about the person before, and the decision. */
export function ReportView({ id }: { id: string }) {
  const { t } = useTranslation();
  const names = useModerationNames();
  const navigate = useNavigate();
  const { data: report, error } = useReport(id);
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  if (!report) return <PageLoader />;
  return (
    <>
      <Anchor component={Link} to="/moderation">
        {t("moderation.back")}
      </Anchor>
      <Title order={1} tabIndex={-1} dir="auto">
        {t("moderation.about", { name: names.target(report) })}
      </Title>
      <ReportOrigin report={report} />
      <div className={classes.columns}>
        <div className={classes.list}>
          <Reported report={report} />
          <History report={report} />
        </div>
        <div className={classes.list}>
          {report.state === "open" ? (
            <DecisionForm report={report} onDone={() => void navigate("/moderation")} />
          ) : (
            <p className={classes.part}>{report.outcome && t(`moderation.outcomes.${report.outcome}`)}</p>
          )}
        </div>
      </div>
    </>
  );
}

function Reported({ report }: { report: ReportDetail }) {
  const { t } = useTranslation();
  return (
    <section className={classes.part}>
      <h2>{t(`safety.reasons.${report.reason}`)}</h2>
      {report.words && (
        <>
          <p className={classes.soft}>{t("moderation.words")}</p>
          <p className={classes.words} dir="auto">
            {report.words}
          </p>
        </>
      )}
      {report.lines.length > 0 && (
        <>
          <h2>{t("moderation.chat")}</h2>
          <ol className={classes.lines} aria-label={t("moderation.chat")}>
            {report.lines.map((line) => (
              <li key={`${line.at} ${line.name} ${line.text}`} data-subject={line.isSubject}>
                <p className={classes.soft}>
                  <bdi>{line.name}</bdi>
                  {line.isTarget && ` · ${t("moderation.ofTarget")}`}
                  {line.isReporter && ` · ${t("moderation.ofReporter")}`}
                  {line.isSubject && ` · ${t("moderation.subject")}`}
                </p>
                <p dir="auto">{line.text}</p>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function History({ report }: { report: ReportDetail }) {
  const { t } = useTranslation();
  return (
    <section className={classes.part}>
      <h2>{t("moderation.history")}</h2>
      <p className={classes.soft}>{t("moderation.times", { count: report.reportsOfTarget })}</p>
      {report.history.length === 0 ? (
        <p className={classes.soft}>{t("moderation.noHistory")}</p>
      ) : (
        <ul className={classes.lines}>
          {report.history.map((sanction) => (
            <SanctionRow key={sanction.id} sanction={sanction} />
          ))}
        </ul>
      )}
    </section>
  );
}
