import { Button, Popover, Slider, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import { IconCrown, IconDots, IconHandOff, IconMicrophoneOff, IconUserX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, usePlayback } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { Participant } from "../../protocol";
import personMenu from "./PersonMenu.module.css";
import volumeSlider from "./PersonMenu.module.css";
import hostActions from "./PersonMenu.module.css";

interface Props {
  person: Participant;
  call: CallHook;
}

/** The tile can be as high as the window, so a menu that fits neither below nor above it lies on it. */
const WHOLE_IN_VIEW = { flip: true, shift: { crossAxis: true, padding: 8 } };

/** Volume of a participant and, for the host, the host's actions. The button is the whole tile, easy to hit on a phone. */
export function PersonMenu({ person, call }: Props) {
  const { t } = useTranslation();
  const [opened, { close, toggle }] = useDisclosure(false);
  const label = t("room.personMenu", { name: person.name });
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      trapFocus
      middlewares={WHOLE_IN_VIEW}
      width={280}
      shadow="md"
      radius="md"
    >
      <Popover.Target>
        <UnstyledButton className={personMenu.button} aria-label={label} onClick={toggle}>
          <span className={personMenu.dots}>
            <IconDots size={18} aria-hidden="true" />
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className={personMenu.menu}>
        <PersonFacts person={person} />
        <VolumeSlider person={person} />
        {call.isHost && person.kind === "person" && (
          <HostActions person={person} call={call} onDone={close} />
        )}
      </Popover.Dropdown>
    </Popover>
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
      <strong dir="auto">{person.name}</strong>
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

interface HostActionsProps {
  person: Participant;
  call: CallHook;
  onDone(): void;
}

/** Actions on a participant. Nobody can unmute another person, so there is no such button. */
export function HostActions({ person, call, onDone }: HostActionsProps) {
  const { t } = useTranslation();
  const { name } = person;
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
      <Button
        variant="subtle"
        justify="flex-start"
        className={hostActions.action}
        leftSection={<IconCrown size={20} aria-hidden="true" />}
        onClick={() => confirm("Host", () => call.send("transfer_host", { participantId: person.id }))}
      >
        {t("room.makeHost")}
      </Button>
      <Button
        variant="subtle"
        justify="flex-start"
        color="red"
        className={`${hostActions.action} ${hostActions.danger}`}
        leftSection={<IconUserX size={20} aria-hidden="true" />}
        onClick={() => confirm("Remove", () => call.send("remove_participant", { participantId: person.id }))}
      >
        {t("room.removePerson")}
      </Button>
    </>
  );
}
