import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "../../hooks";
import type { Presence } from "../../protocol";
import { useOrNotify } from "../account/useOrNotify";
import { notify } from "../common/notify";

const CHOICES: readonly Presence[] = ["nobody", "online", "room"];

/** The setting of how much friends see of where one is. By default they see nothing. */
export function PresenceSetting() {
  const { t } = useTranslation();
  const { user, updateProfile } = useSession();
  const { isBusy, run } = useOrNotify();
  if (!user) return null;
  const choose = async (presence: Presence) => {
    if (await run(() => updateProfile({ presence }))) notify(t("profile.saved"));
  };
  return (
    <Select
      label={t("friends.presence.label")}
      description={t("friends.presence.hint")}
      data={CHOICES.map((value) => ({ value, label: t(`friends.presence.${value}`) }))}
      value={user.presence}
      disabled={isBusy}
      allowDeselect={false}
      onChange={(value) => value && void choose(value as Presence)}
    />
  );
}
