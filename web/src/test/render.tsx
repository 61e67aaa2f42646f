import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { render } from "@testing-library/react";
import { I18nextProvider } from "react-i18next";
import { MemoryRouter } from "react-router";
import { i18n } from "../i18n";
import { theme } from "../theme/theme";

/** Mantine needs these, and jsdom lacks them. */
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  }) as unknown as MediaQueryList;
if (!document.fonts) Object.defineProperty(document, "fonts", { value: new EventTarget() });
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

/** Renders inside the providers of every page: theme (without transitions), English texts, router. */
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
