import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { render } from "@testing-library/react";
import { I18nextProvider } from "react-i18next";
import { MemoryRouter } from "react-router";
import { i18n } from "../i18n";
import { theme } from "../theme/theme";

/** What jsdom lacks and Mantine asks for. */
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  }) as unknown as MediaQueryList;
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

/** Renders within what every page has around it: theme (without transitions), texts in English, router. */
export function renderUi(ui: React.ReactElement, path = "/") {
  void i18n.changeLanguage("en");
  return render(ui, {
    wrapper: ({ children }) => (
      <I18nextProvider i18n={i18n}>
        <MantineProvider theme={theme} env="test">
          <ModalsProvider>
            <MemoryRouter initialEntries={[path]}>{children}</MemoryRouter>
          </ModalsProvider>
        </MantineProvider>
      </I18nextProvider>
    ),
  });
}
