import type { TFunction } from "i18next";
import type { FieldError, Problem } from "../protocol";

/** The page's text for the code of a problem. The server's own text is English, so it is never shown. */
export function errorText(t: TFunction, error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error) || typeof error.code !== "string")
    return t("errors.internal");
  const { code, errors } = error as Partial<Problem> & { code: string };
  // Outside a form nothing is marked, so the text itself must say what is wrong.
  if (code === "invalid_request") {
    const [first] = errors ?? [];
    return first ? fieldErrorText(t, first) : t("errors.refused");
  }
  return t(`errors.${code}` as "errors.internal", { defaultValue: t("errors.refused") });
}

/** The page's text for what is wrong with a field. The server's own message is English. */
export function fieldErrorText(t: TFunction, { code }: FieldError): string {
  return t(`fieldErrors.${code}`, { defaultValue: t("fieldErrors.invalid") });
}
