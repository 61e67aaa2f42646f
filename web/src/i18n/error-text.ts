import type { TFunction } from "i18next";

/** The page's text for the code of a problem, or the server's detail for an unknown code. */
export function errorText(t: TFunction, error: unknown): string {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") {
    const detail =
      "detail" in error && typeof error.detail === "string" ? error.detail : t("errors.internal");
    return t(`errors.${error.code}` as "errors.internal", { defaultValue: detail });
  }
  return t("errors.internal");
}
