import { Button, Slider, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import {
  IconBan,
  IconCrown,
  IconFlag,
  IconHandOff,
  IconId,
  IconMicrophoneOff,
  IconShieldHalf,
  IconUserX,
} from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type CallHook, usePlayback } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { Participant } from "../../protocol";
import { openCard } from "../people/openCard";
import { useBlock } from "../people/useBlock";
import { usePersonName } from "../people/usePersonName";
import { openReport } from "../safety/openReport";
import personMenu from "./PersonMenu.module.css";
import volumeSlider from "./PersonMenu.module.css";
import hostActions from "./PersonMenu.module.css";

interface Props {
  person: Participant;
  call: CallHook;
  onDone(): void;
}

/** Facts about a participant, their volume, and what one can do about them. It takes the focus of its menu. */
export function PersonActions({ person, call, onDone }: Props) {
  const content = useRef<HTMLDivElement>(null);
  // The menu was opened, and got the focus, before this code was there.
  useEffect(() => content.current?.querySelector<HTMLElement>("button, [role=slider]")?.focus(), []);
  return (
    <div ref={content} className={personMenu.content}>
      <PersonFacts person={person} />
      {person.kind === "person" && !person.isBlocked && (
        <CardAction person={person} roomId={call.room?.id} onDone={onDone} />
      )}
      {!person.isBlocked && <VolumeSlider person={person} />}
      {call.isLeading && person.kind === "person" && (
        <HostActions person={person} call={call} onDone={onDone} />
      )}
      {person.kind === "person" && <BlockAction person={person} onDone={onDone} />}
      {person.kind === "person" && <ReportAction person={person} roomId={call.room?.id} onDone={onDone} />}
    </div>
  );
}

/** Country, languages and level of a participant. */
export function PersonFacts({ person }: { person: Participant }) {
  const { t } = useTranslation();
  const names = useNames();
  const facts = [
    person.country && t("room.from", { country: names.country(person.country) }),
    person.nativeLanguage && t("room.speaks", { language: names.languageInText(person.nativeLanguage) }),
    person.learningLevel && t("room.level", { level: person.learningLevel }),
  ].filter(Boolean);
  return (
    <div className={personMenu.facts}>
      <strong dir="auto">{usePersonName()(person)}</strong>
      <span>{facts.join(" · ")}</span>
    </div>
  );
}

export function VolumeSlider({ person }: { person: Participant }) {
  const { t } = useTranslation();
  const { volumeOf, setVolume } = usePlayback();
  const percent = Math.round(volumeOf(person.id) * 100);
  const text = t("room.volumeValue", { percent });
  return (
    <div className={volumeSlider.slider}>
      <div className={volumeSlider.label} aria-hidden="true">
        <span>{t("room.volumeShort")}</span>
        <span>{text}</span>
      </div>
      <Slider
        min={0}
        max={200}
        step={5}
        value={percent}
        onChange={(value) => setVolume(person.id, value / 100)}
        label={null}
        thumbSize={24}
        size={8}
        marks={[{ value: 100 }]}
        thumbLabel={t("room.volume", { name: person.name })}
        thumbValueText={text}
      />
    </div>
  );
}

function CardAction({
  person,
  roomId,
  onDone,
}: {
  person: Participant;
  roomId: string | undefined;
  onDone(): void;
}) {
  const { t } = useTranslation();
  return (
    <Button
      variant="subtle"
      justify="flex-start"
      className={hostActions.action}
      leftSection={<IconId size={20} aria-hidden="true" />}
      onClick={() => {
        onDone();
        openCard({ userId: person.userId, name: person.name, roomId });
      }}
    >
      {t("people.card")}
    </Button>
  );
}

function ReportAction({
  person,
  roomId,
  onDone,
}: {
  person: Participant;
  roomId: string | undefined;
  onDone(): void;
}) {
  const { t } = useTranslation();
  const name = usePersonName()(person);
  return (
    <Button
      variant="subtle"
      justify="flex-start"
      color="red"
      className={`${hostActions.action} ${hostActions.danger}`}
      leftSection={<IconFlag size={20} aria-hidden="true" />}
      onClick={() => {
        onDone();
        openReport({ userId: person.userId, name, roomId });
      }}
    >
      {t("app.report")}
    </Button>
  );
}

function BlockAction({ person, onDone }: { person: Participant; onDone(): void }) {
  const { t } = useTranslation();
  const { block, unblock } = useBlock();
  return (
    <Button
      variant="subtle"
      justify="flex-start"
      color={person.isBlocked ? undefined : "red"}
      className={`${hostActions.action} ${person.isBlocked ? "" : hostActions.danger}`}
      leftSection={<IconBan size={20} aria-hidden="true" />}
      onClick={() => {
        onDone();
        if (person.isBlocked) void unblock(person.userId);
        else block(person.userId, person.name);
      }}
    >
      {t(person.isBlocked ? "people.unblock" : "people.block")}
    </Button>
  );
}

interface HostActionsProps {
  person: Participant;
  call: CallHook;
  onDone(): void;
}

/**
 * Actions of the host and co-hosts on a participant. Nobody can unmute another person, so there is no such button, and
 * nobody but the host removes a co-host.
 */
export function HostActions({ person, call, onDone }: HostActionsProps) {
  const { t } = useTranslation();
  const name = usePersonName()(person);
  const isCohost = call.room?.cohostIds.includes(person.userId) ?? false;
  const isLeading = isCohost || person.userId === call.room?.hostId;
  const confirm = (kind: "Remove" | "Host", action: () => void) => {
    onDone();
    modals.openConfirmModal({
      title: t(`room.confirm${kind}Title`, { name }),
      children: <Text>{t(`room.confirm${kind}Text`)}</Text>,
      labels: { confirm: t(`room.confirm${kind}`), cancel: t("room.cancel") },
      confirmProps: kind === "Remove" ? { color: "red" } : {},
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: action,
    });
  };
  return (
    <>
      <Button
        variant="subtle"
        justify="flex-start"
        className={hostActions.action}
        leftSection={<IconMicrophoneOff size={20} aria-hidden="true" />}
        disabled={person.isMuted}
        onClick={() => {
          call.send("mute_participant", { participantId: person.id });
          onDone();
        }}
      >
        {t("room.mutePerson")}
      </Button>
      {person.handRaised && (
        <Button
          variant="subtle"
          justify="flex-start"
          className={hostActions.action}
          leftSection={<IconHandOff size={20} aria-hidden="true" />}
          onClick={() => {
            call.send("lower_hand", { participantId: person.id });
            onDone();
          }}
        >
          {t("room.lowerHand")}
        </Button>
      )}
      {call.isHost && (
        <>
          <Button
            variant="subtle"
            justify="flex-start"
            className={hostActions.action}
            leftSection={<IconShieldHalf size={20} aria-hidden="true" />}
            onClick={() => {
              call.send("set_cohost", { participantId: person.id, cohost: !isCohost });
              onDone();
            }}
          >
            {t(isCohost ? "room.endCohost" : "room.makeCohost")}
          </Button>
          <Button
            variant="subtle"
            justify="flex-start"
            className={hostActions.action}
            leftSection={<IconCrown size={20} aria-hidden="true" />}
            onClick={() => confirm("Host", () => call.send("transfer_host", { participantId: person.id }))}
          >
            {t("room.makeHost")}
          </Button>
        </>
      )}
      {(call.isHost || !isLeading) && (
        <Button
          variant="subtle"
          justify="flex-start"
          color="red"
          className={`${hostActions.action} ${hostActions.danger}`}
          leftSection={<IconUserX size={20} aria-hidden="true" />}
          onClick={() =>
            confirm("Remove", () => call.send("remove_participant", { participantId: person.id }))
          }
        >
          {t("room.removePerson")}
        </Button>
      )}
    </>
  );
}
