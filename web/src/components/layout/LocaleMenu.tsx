import { ActionIcon } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { loadedLater } from "../../core/lazy-load";
import type { Locale } from "../../hooks";
import { LOCALES } from "../../i18n";
import { LazyMenu } from "../common/LazyMenu";

const items = loadedLater(async () => (await import("./LocaleItems")).LocaleItems);

export function LocaleMenu() {
  const { t, i18n } = useTranslation();
  const label = t("app.languageMenu", { language: LOCALES[i18n.language as Locale] });
  return (
    <LazyMenu
      items={items}
      button={
        <ActionIcon color="gray" c="var(--parlor-ink)" aria-label={label}>
          <IconLanguage size={22} aria-hidden="true" />
        </ActionIcon>
      }
    />
  );
}
