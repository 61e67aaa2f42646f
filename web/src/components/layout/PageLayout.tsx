import { useTranslation } from "react-i18next";
import { Link } from "react-router";
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
      {width !== "full" && <Footer />}
    </>
  );
}

function Footer() {
  const { t } = useTranslation();
  return (
    <footer className={classes.footer}>
      <nav aria-label={t("app.aboutServer")}>
        <Link to="/rules">{t("app.rules")}</Link>
        <Link to="/privacy">{t("app.privacy")}</Link>
      </nav>
    </footer>
  );
}
