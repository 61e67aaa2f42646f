import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

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
