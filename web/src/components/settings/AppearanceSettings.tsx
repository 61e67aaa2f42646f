import { NativeSelect, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Locale, useSettings } from "../../hooks";
import { LOCALES } from "../../i18n";
import classes from "./settings.module.css";

const SCHEMES = ["auto", "light", "dark"] as const;

export function AppearanceSettings() {
  const { t, i18n } = useTranslation();
  const { setLocale } = useSettings();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemeName = { auto: t("app.themeAuto"), light: t("app.themeLight"), dark: t("app.themeDark") };
  return (
    <div className={classes.pair}>
      <NativeSelect
        label={t("app.theme")}
        value={colorScheme}
        onChange={(event) => setColorScheme(SCHEMES.find((s) => s === event.currentTarget.value) ?? "auto")}
        data={SCHEMES.map((scheme) => ({ value: scheme, label: schemeName[scheme] }))}
      />
      <NativeSelect
        label={t("app.language")}
        value={i18n.language}
        onChange={(event) => setLocale(event.currentTarget.value as Locale)}
        data={Object.entries(LOCALES).map(([value, label]) => ({ value, label }))}
      />
    </div>
  );
}
