import { cloneElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { loadedLater, withRetries } from "../../core/lazy-load";
import classes from "./LazyMenu.module.css";

interface Props {
  /** The element that opens the menu. */
  button: React.ReactElement<React.ComponentProps<"button">>;
  width?: number;
  /** Loads the component with the menu's items. Must be the same function at every render. */
  items(): Promise<React.ComponentType>;
}

/** A button whose menu is loaded when it is wanted: menus are a tenth of the code of a page without one. */
export function LazyMenu({ button, width, items }: Props) {
  const { t } = useTranslation();
  const [menu, setMenu] = useState<Awaited<ReturnType<typeof loadMenu>> | null>(null);
  const [state, setState] = useState<"closed" | "loading" | "failed">("closed");
  if (menu) {
    return (
      <menu.OpenMenu button={button} width={width}>
        <menu.Items />
      </menu.OpenMenu>
    );
  }
  const open = () => {
    setState("loading");
    withRetries(() => loadMenu(items)).then(setMenu, () => setState("failed"));
  };
  // The code is often there before the press.
  const prefetch = () => void loadMenu(items).catch(() => {});
  return (
    <span className={classes.menu}>
      {cloneElement(button, {
        "aria-haspopup": "menu",
        "aria-expanded": false,
        "aria-busy": state === "loading",
        onClick: open,
        onPointerEnter: prefetch,
        onFocus: prefetch,
      })}
      <span role="status" className={classes.status}>
        {state === "loading" && t("app.loading")}
        {state === "failed" && t("app.partFailed")}
      </span>
    </span>
  );
}

const openMenu = loadedLater(() => import("./OpenMenu"));

async function loadMenu(items: Props["items"]) {
  const [{ OpenMenu }, Items] = await Promise.all([openMenu(), items()]);
  return { OpenMenu, Items };
}
