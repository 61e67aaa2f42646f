import { Menu } from "@mantine/core";
import {
  IconBell,
  IconCalendar,
  IconFriends,
  IconLamp,
  IconLampOff,
  IconLogout,
  IconPlus,
  IconShieldCheck,
  IconTargetArrow,
  IconUser,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession, useStanding, useUnreadNotices } from "../../hooks";
import { useSignOut } from "../profile/useSignOut";
import classes from "./UserMenu.module.css";
import { useScheme } from "./useScheme";

export function UserMenuItems() {
  const { t } = useTranslation();
  const { user } = useSession();
  const unread = useUnreadNotices();
  const standing = useStanding();
  const { isDark, toggle } = useScheme();
  const signOut = useSignOut();
  return (
    <>
      <Menu.Label className={classes.name} dir="auto">
        {user?.name}
      </Menu.Label>
      <Menu.Item component={Link} to="/profile" leftSection={<IconUser size={18} aria-hidden="true" />}>
        {t("app.profile")}
      </Menu.Item>
      <Menu.Item component={Link} to="/people" leftSection={<IconFriends size={18} aria-hidden="true" />}>
        {t("people.page")}
      </Menu.Item>
      <Menu.Item
        component={Link}
        to="/progress"
        leftSection={<IconTargetArrow size={18} aria-hidden="true" />}
      >
        {t("app.progress")}
      </Menu.Item>
      <Menu.Item component={Link} to="/rooms/new" leftSection={<IconPlus size={18} aria-hidden="true" />}>
        {t("app.createRoom")}
      </Menu.Item>
      <Menu.Item component={Link} to="/schedule" leftSection={<IconCalendar size={18} aria-hidden="true" />}>
        {t("schedule.page")}
      </Menu.Item>
      <Menu.Item component={Link} to="/notices" leftSection={<IconBell size={18} aria-hidden="true" />}>
        {unread ? t("notices.menuCount", { count: unread }) : t("notices.menu")}
      </Menu.Item>
      {standing?.isModerator && (
        <Menu.Item
          component={Link}
          to="/moderation"
          leftSection={<IconShieldCheck size={18} aria-hidden="true" />}
        >
          {t("app.moderation")}
        </Menu.Item>
      )}
      <Menu.Item
        className={classes.narrow}
        onClick={toggle}
        leftSection={
          isDark ? <IconLampOff size={18} aria-hidden="true" /> : <IconLamp size={18} aria-hidden="true" />
        }
      >
        {t(isDark ? "app.toLight" : "app.toDark")}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item onClick={signOut} leftSection={<IconLogout size={18} aria-hidden="true" />}>
        {t("app.signOut")}
      </Menu.Item>
    </>
  );
}
