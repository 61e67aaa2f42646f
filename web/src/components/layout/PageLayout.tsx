import { useTranslation } from "react-i18next";
import { Header } from "./Header";
import { OfflineBanner } from "./OfflineBanner";
import classes from "./PageLayout.module.css";
import { StorageNotice } from "./StorageNotice";

interface Props {
  /** Shown in the tab, and announced by screen readers when the page changes. */
  title: string;
  width?: "normal" | "narrow" | "full";
  children: React.ReactNode;
}

export function PageLayout({ title, width = "normal", children }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <title>{t("app.pageTitle", { page: title })}</title>
      <OfflineBanner />
      <StorageNotice />
      <Header />
      <main id="content" tabIndex={-1} className={classes.main} data-width={width}>
        {children}
      </main>
    </>
  );
}
