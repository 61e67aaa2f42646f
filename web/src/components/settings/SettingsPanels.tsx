import { useTranslation } from "react-i18next";
import { AppearanceSettings } from "./AppearanceSettings";
import { ControlSettings } from "./ControlSettings";
import { SoundSettings } from "./SoundSettings";
import classes from "./settings.module.css";

/** The contents of `SettingsDrawer`. */
export function SettingsPanels() {
  const { t } = useTranslation();
  return (
    <>
      <SoundSettings />
      <ControlSettings />
      <fieldset className={classes.group}>
        <legend className={classes.legend}>{t("settings.appearance")}</legend>
        <AppearanceSettings />
      </fieldset>
    </>
  );
}
