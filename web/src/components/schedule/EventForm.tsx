import { Button, NumberInput, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useScheduleActions } from "../../hooks";
import type { CreateEvent, Level } from "../../protocol";
import { useOrNotify } from "../account/useOrNotify";
import { LanguageSelect } from "../common/LanguageSelect";
import { LevelPicker } from "../common/LevelPicker";
import { RepeatFields } from "./RepeatFields";
import { ONCE, ruleOf } from "./repeat";
import classes from "./Schedule.module.css";
import { ownZone } from "./useTimes";

/** Plans an event in the host's own zone. */
export function EventForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { create, isPending } = useScheduleActions();
  const { run } = useOrNotify();
  const [name, setName] = useState("");
  const [topic, setTopic] = useState("");
  const [level, setLevel] = useState<Level | null>("B1");
  const [language, setLanguage] = useState("en");
  const [start, setStart] = useState("");
  const [minutes, setMinutes] = useState(60);
  const [seats, setSeats] = useState(8);
  const [repeat, setRepeat] = useState(ONCE);
  const [isPrivate, setPrivate] = useState(false);
  const [waitingRoom, setWaitingRoom] = useState(false);
  const [opensWithoutHost, setOpens] = useState(true);

  const submit = () =>
    run(async () => {
      const wanted: CreateEvent = {
        name: name.trim(),
        topic: topic.trim(),
        level: level ?? "B1",
        language,
        type: isPrivate ? "private" : "public",
        maxParticipants: seats,
        waitingRoom,
        opensWithoutHost,
        localStart: start.slice(0, 16),
        timeZone: ownZone(),
        durationMinutes: minutes,
        repeat: ruleOf(repeat),
      };
      const event = await create(wanted);
      await navigate(`/schedule/${event.id}`, { replace: true });
    });

  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextInput
        label={t("create.name")}
        required
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label={t("create.topic")}
        autosize
        minRows={2}
        maxLength={140}
        value={topic}
        onChange={(event) => setTopic(event.currentTarget.value)}
      />
      <LevelPicker label={t("create.level")} value={level} onChange={setLevel} error={null} />
      <LanguageSelect
        label={t("create.language")}
        value={language}
        onChange={(next) => next && setLanguage(next)}
      />
      <TextInput
        type="datetime-local"
        label={t("schedule.start")}
        description={t("schedule.zone", { zone: ownZone().replaceAll("_", " ") })}
        required
        value={start}
        onChange={(event) => setStart(event.currentTarget.value)}
      />
      <NumberInput
        label={t("schedule.minutes")}
        min={10}
        max={240}
        value={minutes}
        onChange={(value) => setMinutes(Number(value) || 60)}
      />
      <NumberInput
        label={t("schedule.seats")}
        min={2}
        max={12}
        value={seats}
        onChange={(value) => setSeats(Number(value) || 2)}
      />
      <RepeatFields value={repeat} start={start} onChange={setRepeat} />
      <Switch
        label={t("schedule.private")}
        checked={isPrivate}
        onChange={(event) => setPrivate(event.currentTarget.checked)}
      />
      <Switch
        label={t("schedule.waitingRoom")}
        checked={waitingRoom}
        onChange={(event) => setWaitingRoom(event.currentTarget.checked)}
      />
      <Switch
        label={t("schedule.opens")}
        checked={opensWithoutHost}
        onChange={(event) => setOpens(event.currentTarget.checked)}
      />
      <Button type="submit" size="lg" loading={isPending}>
        {t("schedule.plan")}
      </Button>
    </form>
  );
}
