import "i18next";
import type club from "./club-en.json";
import type en from "./en.json";
import type pages from "./pages-en.json";
import type people from "./people-en.json";
import type progress from "./progress-en.json";
import type safety from "./safety-en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: {
      translation: typeof en & typeof club & typeof pages & typeof people & typeof progress & typeof safety;
    };
  }
}
