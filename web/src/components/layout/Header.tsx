import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, useMatch } from "react-router";
import { useSession } from "../../hooks";
import classes from "./Header.module.css";
import { LocaleMenu } from "./LocaleMenu";
import { Logo } from "./Logo";
import { SchemeToggle } from "./SchemeToggle";
import { UserMenu } from "./UserMenu";

export function Header() {
  const { t } = useTranslation();
  const { user } = useSession();
  // The list of rooms has this button in its own header, and the form needs none.
  const hasOwn = [useMatch("/rooms"), useMatch("/rooms/new")].some((match) => match !== null);
  return (
    <header className={classes.header}>
      <div className={classes.inner}>
        <Logo />
        <nav className={classes.nav} aria-label={t("app.mainNavigation")}>
          <NavLink to="/rooms" end className={classes.link}>
            {t("app.rooms")}
          </NavLink>
          <NavLink to="/practice" className={classes.link}>
            {t("app.practice")}
          </NavLink>
        </nav>
        <div className={classes.tools}>
          {user && !hasOwn && (
            <Button
              component={Link}
              to="/rooms/new"
              size="sm"
              variant="light"
              leftSection={<IconPlus size={18} aria-hidden="true" />}
              className={classes.create}
            >
              {t("app.createRoom")}
            </Button>
          )}
          <LocaleMenu />
          <SchemeToggle />
          {user && <UserMenu user={user} />}
        </div>
      </div>
    </header>
  );
}
