import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconLamp, IconLampOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** Switches between the light and the dark theme. */
export function SchemeToggle() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  return (
    <ActionIcon
      color="gray"
      c="var(--parlor-ink)"
      aria-label={t(isDark ? "app.toLight" : "app.toDark")}
      onClick={() => setColorScheme(isDark ? "light" : "dark")}
    >
      {isDark ? <IconLampOff size={22} aria-hidden="true" /> : <IconLamp size={22} aria-hidden="true" />}
    </ActionIcon>
  );
}
