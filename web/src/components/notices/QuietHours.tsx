import { Switch, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { NoticeSettings, QuietTimes } from "../../protocol";
import { ownZone } from "../schedule/useTimes";
import classes from "./NoticeSettings.module.css";

const NIGHT: QuietTimes = { start: "22:00", end: "07:00" };

interface Props {
  settings: NoticeSettings;
  change(quiet: QuietTimes | null): void;
}

/** A part of the day in which devices stay quiet, by the person's own clock. */
export function QuietHours({ settings, change }: Props) {
  const { t } = useTranslation();
  const { quiet, timeZone } = settings;
  const [times, setTimes] = useState(quiet ?? NIGHT);
  useEffect(() => setTimes(quiet ?? NIGHT), [quiet]);
  const isSame = times.start === times.end;
  // A time that is being typed is empty for a moment.
  const keep = () => {
    const isChanged = times.start !== quiet?.start || times.end !== quiet.end;
    if (times.start && times.end && !isSame && isChanged) change(times);
  };
  return (
    <div className={classes.quiet}>
      <Switch
        label={t("noticeSettings.quiet")}
        description={t("noticeSettings.quietHint", { zone: (timeZone ?? ownZone()).replaceAll("_", " ") })}
        checked={quiet !== null}
        onChange={(event) => change(event.currentTarget.checked ? NIGHT : null)}
      />
      {quiet && (
        <div className={classes.times}>
          <TextInput
            type="time"
            label={t("noticeSettings.from")}
            value={times.start}
            error={isSame ? t("noticeSettings.sameTimes") : null}
            onChange={(event) => setTimes({ ...times, start: event.currentTarget.value })}
            onBlur={keep}
          />
          <TextInput
            type="time"
            label={t("noticeSettings.to")}
            value={times.end}
            onChange={(event) => setTimes({ ...times, end: event.currentTarget.value })}
            onBlur={keep}
          />
        </div>
      )}
    </div>
  );
}
