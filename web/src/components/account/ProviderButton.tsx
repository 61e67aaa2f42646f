import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSignIn, useSignInMethods } from "../../hooks";
import { useOrNotify } from "./useOrNotify";

/** Goes to the OpenID Connect provider, if the server has one. `adds`: to add it to the present profile. */
export function ProviderButton({ adds }: { adds: boolean }) {
  const { t } = useTranslation();
  const methods = useSignInMethods();
  const { toProvider } = useSignIn();
  const { isBusy, run } = useOrNotify();
  if (!methods?.provider) return null;
  return (
    <Button variant="light" loading={isBusy} onClick={() => void run(() => toProvider({ adds }))}>
      {t("account.provider", { name: methods.provider })}
    </Button>
  );
}
