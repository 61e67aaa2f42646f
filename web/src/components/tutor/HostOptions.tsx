import { Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type CallHook, useTutorActions } from "../../hooks";
import type { Tutor } from "../../protocol";
import classes from "./HostOptions.module.css";
import { VoiceOptions } from "./VoiceOptions";

/** What the host decides for everyone. */
export function HostOptions({ call, tutor }: { call: CallHook; tutor: Tutor }) {
  const { t } = useTranslation();
  const { setTutorOptions } = useTutorActions();
  const isMuted = call.participants.find(({ kind }) => kind === "tutor")?.isMuted ?? false;
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t("tutor.forEveryone")}</legend>
      <Stack gap="md">
        <Switch
          label={t("tutor.roomCaptions")}
          description={t("tutor.roomCaptionsHint")}
          checked={tutor.captions}
          onChange={(event) => setTutorOptions({ captions: event.currentTarget.checked })}
        />
        <Switch
          label={t("tutor.breaksSilence")}
          checked={tutor.breaksSilence}
          onChange={(event) => setTutorOptions({ breaksSilence: event.currentTarget.checked })}
        />
        <Switch
          label={t("tutor.silent")}
          checked={isMuted}
          onChange={(event) => setTutorOptions({ muted: event.currentTarget.checked })}
        />
        <VoiceOptions tutor={tutor} />
      </Stack>
    </fieldset>
  );
}
