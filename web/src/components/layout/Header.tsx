import { ActionIcon, Button } from "@mantine/core";
import { IconLamp, IconLampOff, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, useLocation, useMatch } from "react-router";
import { useSession } from "../../hooks";
import header from "./Header.module.css";
import { LocaleMenu } from "./LocaleMenu";
import logo from "./Logo.module.css";
import { NoticeBell } from "./NoticeBell";
import { UserMenu } from "./UserMenu";
import { useScheme } from "./useScheme";

/** The pages that are reached from the one of this name. */
const PRACTICE = /^\/(practice|talk|coach|courses|progress)(\/|$)/;

export function Header() {
  const { t } = useTranslation();
  const { user } = useSession();
  // The list of rooms has this button in its own header, and the form needs none.
  const hasOwn = [useMatch("/rooms"), useMatch("/rooms/new")].some((match) => match !== null);
  const isPractice = PRACTICE.test(useLocation().pathname);
  return (
    <header className={header.header}>
      <div className={header.inner}>
        <Logo />
        <nav className={header.nav} aria-label={t("app.mainNavigation")}>
          <NavLink to="/rooms" end className={header.link}>
            {t("app.rooms")}
          </NavLink>
          <Link to="/practice" className={header.link} aria-current={isPractice ? "page" : undefined}>
            {t("app.practice")}
          </Link>
        </nav>
        <div className={header.tools}>
          {user && !hasOwn && (
            <Button
              component={Link}
              to="/rooms/new"
              size="sm"
              variant="light"
              leftSection={<IconPlus size={18} aria-hidden="true" />}
              className={header.create}
            >
              {t("app.createRoom")}
            </Button>
          )}
          <LocaleMenu />
          {/* On a narrow screen the user's menu has it: there is no room beside the bell. */}
          <span className={user ? header.wide : undefined}>
            <SchemeToggle />
          </span>
          {user && <NoticeBell />}
          {user && <UserMenu user={user} />}
        </div>
      </div>
    </header>
  );
}

export function Logo() {
  return (
    <Link to="/" className={logo.logo}>
      <img src="/icon.svg" alt="" width={36} height={36} />
      <span className={logo.word}>Parlor</span>
    </Link>
  );
}

/** Switches between the light and the dark theme. */
export function SchemeToggle() {
  const { t } = useTranslation();
  const { isDark, toggle } = useScheme();
  return (
    <ActionIcon
      color="gray"
      c="var(--parlor-ink)"
      aria-label={t(isDark ? "app.toLight" : "app.toDark")}
      onClick={toggle}
    >
      {isDark ? <IconLampOff size={22} aria-hidden="true" /> : <IconLamp size={22} aria-hidden="true" />}
    </ActionIcon>
  );
}
