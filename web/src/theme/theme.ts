import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The primary colour, teal. White text has at least 4.5:1 on shades 6 (dark scheme) and 7 (light scheme). */
const velvet: MantineColorsTuple = [
  "#e4f3f2",
  "#cbe6e6",
  "#9fd2d3",
  "#6cc4c5",
  "#58b3b5",
  "#33979c",
  "#1b7f86",
  "#0f6a72",
  "#0b565d",
  "#073f45",
];

/** An amber accent, used sparingly. */
const brass: MantineColorsTuple = [
  "#fdf0d6",
  "#fae3b4",
  "#f5cd7f",
  "#f0bd62",
  "#e5a63c",
  "#cc8a1e",
  "#a86d11",
  "#8a5a0b",
  "#6d4607",
  "#4f3204",
];

/** White text has at least 4.5:1 on shades 6 and 7, which Mantine's own red is too pale for. */
const red: MantineColorsTuple = [
  "#ffe8e6",
  "#ffd0cc",
  "#ffb3ad",
  "#ff9c96",
  "#f47a73",
  "#e25650",
  "#cf3a36",
  "#b32525",
  "#981c1c",
  "#7a1414",
];

/** Mantine's greys of the dark scheme, tinted. */
const dark: MantineColorsTuple = [
  "#efe9df",
  "#c5cdca",
  "#a5b1af",
  "#76878a",
  "#3a4b4f",
  "#2b3a3e",
  "#1f2d31",
  "#182427",
  "#10191b",
  "#0c1315",
];

const dialogTitle = { title: { fontSize: 19, fontWeight: 700, letterSpacing: "-0.01em" } };

/** Mantine uses a `header` in its dialogs, which would count as a second banner of the page. */
const noBanner = { header: { role: "none" } };

/** Chromium makes scrollable elements focusable; the list would close under such a focus, and one Tab would be lost. */
const noStop = { options: { tabIndex: -1 } };

export const theme = createTheme({
  fontFamily: '"Be Vietnam Pro", system-ui, sans-serif',
  headings: { fontFamily: '"Be Vietnam Pro", system-ui, sans-serif', fontWeight: "700" },
  colors: { velvet, brass, red, dark },
  primaryColor: "velvet",
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: "md",
  cursorType: "pointer",
  radius: { xs: "6px", sm: "8px", md: "12px", lg: "18px", xl: "28px" },
  components: {
    Button: { defaultProps: { radius: "xl" }, styles: { label: { fontWeight: 600 } } },
    ActionIcon: { defaultProps: { radius: "xl", variant: "subtle", size: 44 } },
    Badge: { styles: { root: { textTransform: "none", fontWeight: 600 } } },
    // Without a placeholder the first item takes the focus, and the menu has no extra element.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: "md" } },
    Drawer: { defaultProps: { attributes: noBanner }, styles: dialogTitle },
    Modal: {
      defaultProps: { radius: "lg", centered: true, attributes: noBanner },
      styles: dialogTitle,
    },
    // The list itself scrolls, because axe reports a scroll area around the listbox of a combobox.
    Select: {
      defaultProps: {
        withScrollArea: false,
        comboboxProps: { withinPortal: false, shadow: "md" },
        attributes: noStop,
      },
      styles: { options: { maxHeight: 280, overflowY: "auto" } },
    },
    // People write in scripts of either direction.
    TextInput: { defaultProps: { dir: "auto" } },
    Textarea: { defaultProps: { dir: "auto" } },
    TagsInput: { defaultProps: { dir: "auto" } },
  },
});

const shared = {
  "--mantine-color-body": "var(--parlor-paper)",
  "--mantine-color-text": "var(--parlor-ink)",
  "--mantine-color-dimmed": "var(--parlor-ink-soft)",
  "--mantine-color-anchor": "var(--parlor-velvet)",
  "--mantine-color-error": "var(--parlor-danger)",
  "--mantine-color-placeholder": "var(--parlor-ink-soft)",
  "--mantine-color-velvet-light": "var(--parlor-velvet-soft)",
  "--mantine-color-velvet-light-hover": "var(--parlor-velvet-soft-hover)",
  "--mantine-color-velvet-light-color": "var(--parlor-velvet)",
  "--mantine-color-brass-light": "var(--parlor-brass-soft)",
  "--mantine-color-brass-light-color": "var(--parlor-brass)",
  "--mantine-color-red-light-color": "var(--parlor-danger)",
  "--mantine-color-red-outline": "var(--parlor-danger)",
  "--mantine-color-default": "var(--parlor-card)",
  "--mantine-color-default-border": "var(--parlor-line)",
};

/** Maps Mantine's semantic variables to ours, so that its components use the same surfaces. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
