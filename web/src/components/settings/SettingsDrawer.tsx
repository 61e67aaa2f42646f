import { Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";
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
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      title={t("settings.title")}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <SoundSettings />
      <ControlSettings />
      <fieldset className={classes.group}>
        <legend className={classes.legend}>{t("settings.appearance")}</legend>
        <AppearanceSettings />
      </fieldset>
    </Drawer>
  );
}
