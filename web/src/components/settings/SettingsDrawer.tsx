import { useTranslation } from "react-i18next";
import { loadedLater } from "../../core/lazy-load";
import { LazyPart } from "../common/LazyPart";
import { SideDrawer } from "../common/SideDrawer";

const panels = loadedLater(async () => (await import("./SettingsPanels")).SettingsPanels);

interface Props {
  opened: boolean;
  onClose(): void;
}

export function SettingsDrawer({ opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <SideDrawer opened={opened} onClose={onClose} title={t("settings.title")}>
      <LazyPart load={panels} props={{}} />
    </SideDrawer>
  );
}
