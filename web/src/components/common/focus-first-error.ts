/** For `form.onSubmit`: a wrong field may be out of sight, so the first one takes the focus once it is marked. */
export function focusFirstError(
  _errors: unknown,
  _values: unknown,
  event?: React.FormEvent<HTMLFormElement>,
) {
  const form = event?.currentTarget;
  requestAnimationFrame(() => {
    form?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid="true"] input')?.focus();
  });
}
