import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type NoticeSettingsHook, type PushState, useNoticeSettings } from "../../hooks";
import type { NoticeSettings as Settings } from "../../protocol";
import { useMailLanguage } from "../account/useMailLanguage";
import { useOrNotify } from "../account/useOrNotify";
import { notify } from "../common/notify";
import classes from "./NoticeSettings.module.css";
import { QuietHours } from "./QuietHours";

type Topic = Settings["topics"][number];
const TOPICS: Topic[] = ["reminders", "changes", "invitations", "summary"];

/** The settings of notices while no page is open: messages to devices, quiet hours, e-mails. */
export function NoticeSettings() {
  const { t } = useTranslation();
  const hook = useNoticeSettings();
  const { isBusy, run } = useOrNotify();
  const { settings, change } = hook;
  if (!settings) return null;
  const sendsToDevices = settings.pushKey !== null;
  const set = (topic: Topic, isOn: boolean) => {
    const others = settings.topics.filter((one) => one !== topic);
    return run(() => change({ topics: isOn ? [...others, topic] : others }));
  };
  return (
    <section className={classes.section} aria-labelledby="notice-settings">
      <h2 id="notice-settings" className={classes.title}>
        {t("noticeSettings.title")}
      </h2>
      {sendsToDevices && <ThisDevice hook={hook} isBusy={isBusy} run={run} />}
      {sendsToDevices && settings.pushDevices > 0 && (
        <>
          <fieldset className={classes.topics}>
            <legend>{t("noticeSettings.topics")}</legend>
            {TOPICS.map((topic) => (
              <Switch
                key={topic}
                label={t(`noticeSettings.topic.${topic}`)}
                checked={settings.topics.includes(topic)}
                onChange={(event) => void set(topic, event.currentTarget.checked)}
              />
            ))}
          </fieldset>
          <QuietHours settings={settings} change={(quiet) => void run(() => change({ quiet }))} />
        </>
      )}
      {settings.canMail && (
        <Switch
          label={t("noticeSettings.mail")}
          description={t("noticeSettings.mailHint")}
          checked={settings.mail}
          disabled={isBusy}
          onChange={(event) => void run(() => change({ mail: event.currentTarget.checked }))}
        />
      )}
    </section>
  );
}

interface DeviceProps {
  hook: NoticeSettingsHook;
  isBusy: boolean;
  run(work: () => Promise<unknown>): Promise<boolean>;
}

function ThisDevice({ hook, isBusy, run }: DeviceProps) {
  const { t } = useTranslation();
  const language = useMailLanguage();
  const { push, settings, turnOn, turnOff } = hook;
  const isOn = push === "on" && settings?.pushHere === true;
  const turn = async () => {
    if (isOn) return turnOff();
    const isPermitted = await turnOn(language);
    if (!isPermitted) notify(t("noticeSettings.push.denied"), "brass");
  };
  return (
    <Switch
      label={t("noticeSettings.device")}
      description={t(`noticeSettings.push.${hintOf(push)}`)}
      checked={isOn}
      disabled={isBusy || push === "unsupported" || push === "install" || push === "denied"}
      onChange={() => void run(turn)}
    />
  );
}

const hintOf = (push: PushState) => (push === "on" ? "off" : push);
