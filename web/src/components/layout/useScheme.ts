import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";

/** The light or the dark theme. */
export function useScheme(): { isDark: boolean; toggle(): void } {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  return { isDark, toggle: () => setColorScheme(isDark ? "light" : "dark") };
}
