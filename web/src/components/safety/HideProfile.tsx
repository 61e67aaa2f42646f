import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { notify } from "../common/notify";

/** Hides the profile from people who are in no room with its owner. */
export function HideProfile() {
  const { t } = useTranslation();
  const { user, updateProfile } = useSession();
  if (!user) return null;
  return (
    <Switch
      checked={user.isHidden}
      label={t("safety.hide")}
      description={t("safety.hideHint")}
      onChange={(event) =>
        updateProfile({ isHidden: event.currentTarget.checked }).catch((error: unknown) =>
          notify(errorText(t, error), "red"),
        )
      }
    />
  );
}
