import { Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type CallHook, useSend } from "../../hooks";
import type { Tutor } from "../../protocol";
import { ClassPicker } from "../classroom/ClassPicker";
import { DocumentsOption } from "./DocumentsOption";
import classes from "./HostOptions.module.css";
import { VoiceOptions } from "./VoiceOptions";

/** The host's options of the tutor, for everyone. */
export function HostOptions({ call, tutor }: { call: CallHook; tutor: Tutor }) {
  const { t } = useTranslation();
  const send = useSend();
  const isMuted = call.participants.find(({ kind }) => kind === "tutor")?.isMuted ?? false;
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t("tutor.forEveryone")}</legend>
      <Stack gap="md">
        <Switch
          label={t("tutor.roomCaptions")}
          description={t("tutor.roomCaptionsHint")}
          checked={tutor.captions}
          onChange={(event) => send("set_tutor_options", { captions: event.currentTarget.checked })}
        />
        <Switch
          label={t("tutor.breaksSilence")}
          checked={tutor.breaksSilence}
          onChange={(event) => send("set_tutor_options", { breaksSilence: event.currentTarget.checked })}
        />
        <Switch
          label={t("tutor.silent")}
          checked={isMuted}
          onChange={(event) => send("set_tutor_options", { muted: event.currentTarget.checked })}
        />
        <VoiceOptions tutor={tutor} />
        <DocumentsOption tutor={tutor} />
        <ClassPicker roomId={call.room?.id ?? ""} isTaught={tutor.teaches !== null} />
      </Stack>
    </fieldset>
  );
}
