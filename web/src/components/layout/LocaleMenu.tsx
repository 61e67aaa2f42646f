import { ActionIcon, Menu } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Locale, useSettings } from "../../hooks";
import { LOCALES } from "../../i18n";

export function LocaleMenu() {
  const { t, i18n } = useTranslation();
  const { setLocale } = useSettings();
  const current = i18n.language as Locale;
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <ActionIcon
          color="gray"
          c="var(--parlor-ink)"
          aria-label={t("app.languageMenu", { language: LOCALES[current] })}
        >
          <IconLanguage size={22} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(LOCALES) as Locale[]).map((locale) => (
          <Menu.Item
            key={locale}
            lang={locale}
            onClick={() => setLocale(locale)}
            fw={locale === current ? 700 : undefined}
            aria-current={locale === current}
          >
            {LOCALES[locale]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
