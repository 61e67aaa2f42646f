import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type AnnouncementKind, canSpeak, useSettings } from "../../hooks";
import classes from "./settings.module.css";

const KINDS: AnnouncementKind[] = ["joins", "leaves", "mutes", "hands", "chat", "reactions"];

/** Switches for the shortcuts (WCAG 2.1.4) and for each kind of announcement. */
export function ControlSettings() {
  const { t } = useTranslation();
  const settings = useSettings();
  return (
    <>
      <fieldset className={classes.group}>
        <legend className={classes.legend}>{t("settings.keyboard")}</legend>
        <Switch
          label={t("settings.shortcuts")}
          description={t("settings.shortcutsHint")}
          checked={settings.shortcutsEnabled}
          onChange={(event) => settings.setShortcutsEnabled(event.currentTarget.checked)}
        />
      </fieldset>
      {canSpeak() && (
        <fieldset className={classes.group}>
          <legend className={classes.legend}>{t("chat.title")}</legend>
          <Switch
            label={t("settings.speakChat")}
            description={t("settings.speakChatHint")}
            checked={settings.speakChat}
            onChange={(event) => settings.setSpeakChat(event.currentTarget.checked)}
          />
        </fieldset>
      )}
      <fieldset className={classes.group}>
        <legend className={classes.legend}>{t("settings.announcements")}</legend>
        <p className={classes.hint}>{t("settings.announcementsHint")}</p>
        {KINDS.map((kind) => (
          <Switch
            key={kind}
            label={t(`settings.announce.${kind}`)}
            checked={settings.announce[kind]}
            onChange={(event) => settings.setAnnounce(kind, event.currentTarget.checked)}
          />
        ))}
      </fieldset>
    </>
  );
}
