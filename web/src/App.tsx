import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
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
        <ModalsProvider>
          <Notifications position="top-center" />
          <RouterProvider router={router} />
        </ModalsProvider>
      </MantineProvider>
    </I18nextProvider>
  );
}
