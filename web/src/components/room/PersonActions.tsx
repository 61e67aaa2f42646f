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
import { type ComponentType, type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type CallHook, usePlayback } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { Participant } from "../../protocol";
import { openCard } from "../people/openCard";
import { useBlock } from "../people/useBlock";
import { usePersonName } from "../people/usePersonName";
import { openReport } from "../safety/openReport";
import classes from "./PersonMenu.module.css";

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
    <div ref={content} className={classes.content}>
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
    <div className={classes.facts}>
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
    <div className={classes.slider}>
      <div className={classes.label} aria-hidden="true">
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

interface ActionProps {
  icon: ComponentType<{ size: number; "aria-hidden": "true" }>;
  isDanger?: boolean;
  disabled?: boolean;
  onClick(): void;
  children: ReactNode;
}

function Action({ icon: Icon, isDanger = false, disabled = false, onClick, children }: ActionProps) {
  return (
    <Button
      variant="subtle"
      justify="flex-start"
      color={isDanger ? "red" : undefined}
      className={`${classes.action} ${isDanger ? classes.danger : ""}`}
      leftSection={<Icon size={20} aria-hidden="true" />}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}

interface InRoomProps {
  person: Participant;
  roomId: string | undefined;
  onDone(): void;
}

function CardAction({ person, roomId, onDone }: InRoomProps) {
  const { t } = useTranslation();
  const open = () => {
    onDone();
    openCard({ userId: person.userId, name: person.name, roomId });
  };
  return (
    <Action icon={IconId} onClick={open}>
      {t("people.card")}
    </Action>
  );
}

function ReportAction({ person, roomId, onDone }: InRoomProps) {
  const { t } = useTranslation();
  const name = usePersonName()(person);
  const open = () => {
    onDone();
    openReport({ userId: person.userId, name, roomId });
  };
  return (
    <Action icon={IconFlag} isDanger onClick={open}>
      {t("app.report")}
    </Action>
  );
}

function BlockAction({ person, onDone }: { person: Participant; onDone(): void }) {
  const { t } = useTranslation();
  const { block, unblock } = useBlock();
  const change = () => {
    onDone();
    if (person.isBlocked) void unblock(person.userId);
    else block(person.userId, person.name);
  };
  return (
    <Action icon={IconBan} isDanger={!person.isBlocked} onClick={change}>
      {t(person.isBlocked ? "people.unblock" : "people.block")}
    </Action>
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
  const participantId = person.id;
  const isCohost = call.room?.cohostIds.includes(person.userId) ?? false;
  const isLeading = isCohost || person.userId === call.room?.hostId;
  const andDone = (action: () => void) => () => {
    action();
    onDone();
  };
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
      <Action
        icon={IconMicrophoneOff}
        disabled={person.isMuted}
        onClick={andDone(() => call.send("mute_participant", { participantId }))}
      >
        {t("room.mutePerson")}
      </Action>
      {person.handRaised && (
        <Action icon={IconHandOff} onClick={andDone(() => call.send("lower_hand", { participantId }))}>
          {t("room.lowerHand")}
        </Action>
      )}
      {call.isHost && (
        <>
          <Action
            icon={IconShieldHalf}
            onClick={andDone(() => call.send("set_cohost", { participantId, cohost: !isCohost }))}
          >
            {t(isCohost ? "room.endCohost" : "room.makeCohost")}
          </Action>
          <Action
            icon={IconCrown}
            onClick={() => confirm("Host", () => call.send("transfer_host", { participantId }))}
          >
            {t("room.makeHost")}
          </Action>
        </>
      )}
      {(call.isHost || !isLeading) && (
        <Action
          icon={IconUserX}
          isDanger
          onClick={() => confirm("Remove", () => call.send("remove_participant", { participantId }))}
        >
          {t("room.removePerson")}
        </Action>
      )}
    </>
  );
}
