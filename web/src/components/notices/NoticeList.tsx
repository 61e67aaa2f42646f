import { useTranslation } from "react-i18next";
import { useNotices, useReadNotices } from "../../hooks";
import { PageLoader } from "../common/PageLoader";
import { StatusPage } from "../common/StatusPage";
import classes from "../schedule/Schedule.module.css";
import { useTimes } from "../schedule/useTimes";
import { NoticeLine } from "./NoticeLine";

/** A person's notices, which are read by being shown. */
export function NoticeList() {
  const { t } = useTranslation();
  const times = useTimes();
  const { data } = useNotices();
  useReadNotices(data?.unread ?? 0);
  if (!data) return <PageLoader />;
  if (data.items.length === 0) return <StatusPage as="note" title={t("notices.none")} />;
  return (
    <ul className={classes.list}>
      {data.items.map(({ id, at, body }) => (
        <li key={id} className={classes.card}>
          <NoticeLine body={body} />
          <time className={classes.soft} dateTime={at}>
            {times.own(at)}
          </time>
        </li>
      ))}
    </ul>
  );
}
