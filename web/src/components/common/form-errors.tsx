import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { ApiError } from "../../hooks";
import { errorText, fieldErrorText } from "../../i18n/error-text";

/** Key of the error that belongs to no field. */
export const FORM = "form";

/**
 * Converts a failed request to form errors: field errors under their field, the rest under `FORM`. It says
 * "check the marked fields" only if a field is marked.
 * Of a nested path (`tags.2`, `body.tags.2`) the first part that names a field counts.
 */
export function formErrors(t: TFunction, error: unknown, fields: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  if (error instanceof ApiError) {
    for (const wrong of error.errors) {
      const field = wrong.path.split(/[.[\]/]/).find((part) => fields.includes(part));
      if (field) found[field] ??= fieldErrorText(t, wrong);
    }
  }
  const isMarked = Object.keys(found).length > 0;
  return { ...found, [FORM]: isMarked ? t("errors.invalid_request") : errorText(t, error) };
}

/** For `form.onSubmit`: focuses the first invalid field, which may be outside the viewport, once it is marked. */
export function focusFirstError(
  _errors: unknown,
  _values: unknown,
  event?: React.FormEvent<HTMLFormElement>,
) {
  focusInvalid(event?.currentTarget);
}

export function focusInvalid(form: HTMLFormElement | undefined) {
  requestAnimationFrame(() => {
    form?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid="true"] input')?.focus();
  });
}

/** The error that concerns a form as a whole. */
export function FormError({ children }: { children: React.ReactNode }) {
  return (
    <Alert role="alert" color="red" variant="outline" icon={<IconAlertTriangle aria-hidden="true" />}>
      {children}
    </Alert>
  );
}
