import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { loadedLater } from "../../core/lazy-load";
import type { User } from "../../protocol";
import { LazyMenu } from "../common/LazyMenu";
import { PersonAvatar } from "../common/PersonAvatar";
import classes from "./UserMenu.module.css";

const items = loadedLater(async () => (await import("./UserMenuItems")).UserMenuItems);

export function UserMenu({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <LazyMenu
      items={items}
      width={220}
      button={
        <UnstyledButton className={classes.target} aria-label={t("app.accountMenu", { name: user.name })}>
          <PersonAvatar person={user} size={36} />
        </UnstyledButton>
      }
    />
  );
}
