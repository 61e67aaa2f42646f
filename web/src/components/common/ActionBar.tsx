import classes from "./ActionBar.module.css";

interface Props {
  /** "page": at the window's lower edge wherever the page is scrolled; "form": while its form is visible. */
  within: "page" | "form";
  children: React.ReactNode;
}

/** The main action of a page. On phones it stays at the lower edge of the window, in reach of a thumb. */
export function ActionBar({ within, children }: Props) {
  return (
    <div className={classes.bar} data-within={within}>
      {children}
    </div>
  );
}
