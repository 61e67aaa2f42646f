import { MantineProvider } from "@mantine/core";
import { I18nextProvider } from "react-i18next";
import { RouterProvider } from "react-router";
import { useLocale } from "./components/layout/useLocale";
import { i18n } from "./i18n";
import { router } from "./router";
import { cssVariables, theme } from "./theme/theme";

export function App() {
  useLocale();
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <RouterProvider router={router} />
      </MantineProvider>
    </I18nextProvider>
  );
}
