import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { notify } from "../common/notify";

/** Consent to the keeping of one's own voice. Off until somebody says yes. */
export function KeepAudioSwitch() {
  const { t } = useTranslation();
  const { user, updateProfile } = useSession();
  if (!user) return null;
  const change = (keepMyAudio: boolean) =>
    updateProfile({ keepMyAudio }).catch((error: unknown) => notify(errorText(t, error), "red"));
  return (
    <Switch
      label={t("tutor.keepAudio")}
      description={t("tutor.keepAudioHint")}
      checked={user.keepMyAudio}
      onChange={(event) => void change(event.currentTarget.checked)}
    />
  );
}
