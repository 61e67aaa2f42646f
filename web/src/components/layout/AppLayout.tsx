import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useLocation } from "react-router";
import { LayoutParts } from "./layout-parts";
import { NavigationStatus } from "./NavigationStatus";
import classes from "./SkipLink.module.css";

/** Elements of every page. Each page adds `PageLayout`, except the room, which uses the whole window. */
export function AppLayout() {
  useRouteFocus();
  return (
    <>
      <SkipLink />
      <Outlet />
      <NavigationStatus />
      <LayoutParts />
    </>
  );
}

export function SkipLink() {
  const { t } = useTranslation();
  return (
    <a href="#content" className={classes.skip}>
      {t("app.skipToContent")}
    </a>
  );
}

/** Focuses the heading after a change of page, because the router does not reset the focus as a page load does. */
export function useRouteFocus(): void {
  const { pathname } = useLocation();
  const previous = useRef(pathname);
  useEffect(() => {
    if (previous.current === pathname) return;
    previous.current = pathname;
    window.scrollTo(0, 0);
    const target = document.querySelector<HTMLElement>("main h1") ?? document.getElementById("content");
    target?.setAttribute("tabindex", "-1");
    target?.focus({ preventScroll: true });
  }, [pathname]);
}
