import { useTranslation } from "react-i18next";
import { useModerationLog } from "../../hooks";
import type { LogEntry } from "../../protocol";
import { useMoment } from "../safety/useMoment";
import classes from "./Moderation.module.css";
import { useModerationNames } from "./names";
import { Pages } from "./Pages";

/** The log of the moderators' actions, newest first. */
export function LogList() {
  const { t } = useTranslation();
  const { pages, error, hasMore, loadMore } = useModerationLog();
  const items = pages?.flatMap((page) => page.items) ?? [];
  return (
    <Pages
      label={t("moderation.tabs.log")}
      isEmpty={items.length === 0}
      isLoading={!pages}
      error={error}
      hasMore={hasMore}
      onMore={loadMore}
    >
      {items.map((entry) => (
        <LogRow key={entry.id} entry={entry} />
      ))}
    </Pages>
  );
}

function LogRow({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation();
  const names = useModerationNames();
  const moment = useMoment();
  const values = {
    moderator: entry.moderator ?? t("moderation.somebody"),
    target: names.person(entry.target),
    what: entry.kind ? names.decision(entry.kind, entry.until) : "",
  };
  return (
    <li className={classes.item}>
      <p dir="auto">
        {t(`moderation.actions.${entry.action}` as "moderation.actions.undo", {
          ...values,
          defaultValue: entry.action,
        })}
      </p>
      <p className={classes.soft}>{moment(entry.at)}</p>
      {entry.note && (
        <p className={classes.words} dir="auto">
          {entry.note}
        </p>
      )}
    </li>
  );
}
