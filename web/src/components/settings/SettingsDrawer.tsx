import { useTranslation } from "react-i18next";
import { SideDrawer } from "../common/SideDrawer";
import { AppearanceSettings } from "./AppearanceSettings";
import { ControlSettings } from "./ControlSettings";
import { SoundSettings } from "./SoundSettings";
import classes from "./settings.module.css";

interface Props {
  opened: boolean;
  onClose(): void;
}

export function SettingsDrawer({ opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <SideDrawer opened={opened} onClose={onClose} title={t("settings.title")}>
      <SoundSettings />
      <ControlSettings />
      <fieldset className={classes.group}>
        <legend className={classes.legend}>{t("settings.appearance")}</legend>
        <AppearanceSettings />
      </fieldset>
    </SideDrawer>
  );
}
