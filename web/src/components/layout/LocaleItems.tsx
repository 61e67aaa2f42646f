import { Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Locale, useSettings } from "../../hooks";
import { LOCALES } from "../../i18n";

export function LocaleItems() {
  const { i18n } = useTranslation();
  const { setLocale } = useSettings();
  const current = i18n.language as Locale;
  return (Object.keys(LOCALES) as Locale[]).map((locale) => (
    <Menu.Item
      key={locale}
      lang={locale}
      onClick={() => setLocale(locale)}
      fw={locale === current ? 700 : undefined}
      aria-current={locale === current}
    >
      {LOCALES[locale]}
    </Menu.Item>
  ));
}
