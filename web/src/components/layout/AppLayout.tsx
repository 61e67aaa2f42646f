import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useLocation } from "react-router";
import { loadedLater } from "../../core/lazy-load";
import { useSession } from "../../hooks";
import { speakOf } from "../../i18n";
import { LazyPart } from "../common/LazyPart";
import { LayoutParts } from "./layout-parts";
import { NavigationStatus } from "./NavigationStatus";
import { PageLayout } from "./PageLayout";
import classes from "./SkipLink.module.css";

const banView = loadedLater(async () => {
  const [{ BanView }] = await Promise.all([import("../safety/BanView"), speakOf("safety")]);
  return BanView;
});

/** Pages for people whom a ban keeps out of all others. */
const OPEN_TO_ALL = ["/privacy", "/rules"];

/** Elements of every page. Each page adds `PageLayout`, except the room, which uses the whole window. */
export function AppLayout() {
  const { t } = useTranslation();
  const { ban } = useSession();
  const { pathname } = useLocation();
  useRouteFocus();
  return (
    <>
      <SkipLink />
      {ban && !OPEN_TO_ALL.includes(pathname) ? (
        <PageLayout title={t("errors.banned")}>
          <LazyPart load={banView} props={{ ban }} />
        </PageLayout>
      ) : (
        <Outlet />
      )}
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
