import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { StatusPage } from "../common/StatusPage";

/** Shown by the router when a page throws or its code cannot be loaded. */
export function ErrorPage() {
  const { t } = useTranslation();
  return (
    <main id="content" tabIndex={-1}>
      <StatusPage title={t("crash.title")} text={t("crash.text")}>
        <Button onClick={() => window.location.reload()}>{t("app.reload")}</Button>
      </StatusPage>
    </main>
  );
}
