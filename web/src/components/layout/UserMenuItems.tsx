import { Menu } from "@mantine/core";
import { IconLogout, IconPlus, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "../../hooks";
import { useSignOut } from "../profile/useSignOut";
import classes from "./UserMenu.module.css";

export function UserMenuItems() {
  const { t } = useTranslation();
  const { user } = useSession();
  const signOut = useSignOut();
  return (
    <>
      <Menu.Label className={classes.name} dir="auto">
        {user?.name}
      </Menu.Label>
      <Menu.Item component={Link} to="/profile" leftSection={<IconUser size={18} aria-hidden="true" />}>
        {t("app.profile")}
      </Menu.Item>
      <Menu.Item component={Link} to="/rooms/new" leftSection={<IconPlus size={18} aria-hidden="true" />}>
        {t("app.createRoom")}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item onClick={signOut} leftSection={<IconLogout size={18} aria-hidden="true" />}>
        {t("app.signOut")}
      </Menu.Item>
    </>
  );
}
