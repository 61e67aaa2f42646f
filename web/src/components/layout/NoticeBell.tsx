import { ActionIcon } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useUnreadNotices } from "../../hooks";
import classes from "./NoticeBell.module.css";

const MOST = 99;

/** The way to the notices, with the number of those that are not read. */
export function NoticeBell() {
  const { t } = useTranslation();
  const unread = useUnreadNotices();
  return (
    <ActionIcon
      component={Link}
      to="/notices"
      color="gray"
      c="var(--parlor-ink)"
      className={classes.bell}
      aria-label={unread > 0 ? t("notices.bell", { count: unread }) : t("notices.menu")}
    >
      <IconBell size={22} aria-hidden="true" />
      {unread > 0 && (
        <span className={classes.count} aria-hidden="true">
          {unread > MOST ? `${MOST}+` : unread}
        </span>
      )}
    </ActionIcon>
  );
}
