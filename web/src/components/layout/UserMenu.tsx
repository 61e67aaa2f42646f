import { Menu, UnstyledButton } from "@mantine/core";
import { IconLogout, IconPlus, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { User } from "../../protocol";
import { PersonAvatar } from "../common/PersonAvatar";
import { useSignOut } from "../profile/useSignOut";
import classes from "./UserMenu.module.css";

export function UserMenu({ user }: { user: User }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={220} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.target} aria-label={t("app.accountMenu", { name: user.name })}>
          <PersonAvatar person={user} size={36} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={classes.name} dir="auto">
          {user.name}
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
      </Menu.Dropdown>
    </Menu>
  );
}
