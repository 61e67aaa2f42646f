import { Button } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { focusInvalid } from "../common/form-errors";
import { GuestFields } from "./GuestFields";
import { useGuestForm } from "./useGuestForm";

interface Props {
  submitLabel?: string;
  onSignedIn?(): void;
}

/** Signs in a guest. Only the name is required. */
export function GuestForm({ submitLabel, onSignedIn }: Props) {
  const { t } = useTranslation();
  const { form, signIn } = useGuestForm();
  const submit = async (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { currentTarget } = event;
    if (await signIn()) onSignedIn?.();
    else focusInvalid(currentTarget);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <GuestFields
        form={form}
        action={
          <Button
            type="submit"
            size="md"
            loading={form.submitting}
            rightSection={<IconArrowRight size={20} aria-hidden="true" />}
          >
            {submitLabel ?? t("guest.start")}
          </Button>
        }
      />
    </form>
  );
}
