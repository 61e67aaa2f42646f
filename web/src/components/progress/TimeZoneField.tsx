import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { notify } from "../common/notify";

const DEVICE = "";

/** In which time zone the person's days begin: that of the device, or one that they choose. */
export function TimeZoneField() {
  const { t } = useTranslation();
  const { user, updateProfile } = useSession();
  const [isBusy, setBusy] = useState(false);
  if (!user) return null;
  const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const chosen = user.zoneIsChosen && user.timeZone ? user.timeZone : DEVICE;
  const choose = async (zone: string) => {
    setBusy(true);
    try {
      await updateProfile({ timeZone: zone || device, zoneIsChosen: zone !== DEVICE });
    } catch (error) {
      notify(errorText(t, error), "red");
    } finally {
      setBusy(false);
    }
  };
  return (
    <NativeSelect
      label={t("zone.label")}
      description={t("zone.hint")}
      value={chosen}
      disabled={isBusy}
      data={[
        { value: DEVICE, label: t("zone.device", { zone: shown(device) }) },
        ...zones(chosen).map((zone) => ({ value: zone, label: shown(zone) })),
      ]}
      onChange={(event) => void choose(event.currentTarget.value)}
    />
  );
}

/** The time zones that the browser knows, and the one that was chosen elsewhere. */
export function zones(chosen: string): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return chosen === DEVICE || known.includes(chosen) ? known : [chosen, ...known];
}

const shown = (zone: string) => zone.replaceAll("_", " ");
