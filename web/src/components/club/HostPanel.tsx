import { Button, Stack, Switch, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { type CallHook, raisedHands } from "../../hooks";
import type { Room } from "../../protocol";
import { usePersonName } from "../people/usePersonName";
import { HandList } from "../room/HandList";
import { RemovedPeopleModal } from "../room/RemovedPeopleModal";
import classes from "./HostPanel.module.css";
import { TopicsPart } from "./TopicsPart";
import { TurnsPart } from "./TurnsPart";

interface Props {
  call: CallHook;
  room: Room;
}

/** All that the host does while the room runs, in one place; co-hosts find what they may do. */
export function HostPanel({ call, room }: Props) {
  const { t } = useTranslation();
  const hands = raisedHands(call.participants);
  return (
    <Stack gap={28}>
      <Section title={t("host.topics")} lead={t("host.topicsLead")}>
        <TopicsPart call={call} />
      </Section>
      <Section title={t("host.turns")} lead={t("host.turnsLead")}>
        <TurnsPart call={call} />
      </Section>
      <Section title={t("host.handsTitle")}>
        {hands.length === 0 ? (
          <p className={classes.lead}>{t("host.noHands")}</p>
        ) : (
          <HandList call={call} hands={hands} />
        )}
      </Section>
      {call.isHost && (
        <Section title={t("host.door")}>
          <DoorPart call={call} room={room} />
        </Section>
      )}
      <Section title={t("host.chat")}>
        {call.isHost && (
          <Option
            label={t("edit.chatOpen")}
            isOn={room.chatOpen}
            onChange={(chatOpen) => call.send("edit_room", { chatOpen })}
          />
        )}
        <Option
          label={t("edit.linksAllowed")}
          isOn={room.linksAllowed}
          onChange={(linksAllowed) => call.send("edit_room", { linksAllowed })}
        />
      </Section>
      {call.isHost && (
        <Section title={t("host.cohosts")} lead={t("host.cohostsLead")}>
          <CohostsPart call={call} room={room} />
        </Section>
      )}
    </Stack>
  );
}

function DoorPart({ call, room }: Props) {
  const { t } = useTranslation();
  const [bansOpen, bans] = useDisclosure(false);
  return (
    <>
      <Option
        label={t("host.lock")}
        isOn={room.isLocked}
        onChange={(locked) => call.send("set_locked", { locked })}
      />
      <Option
        label={t("host.knock")}
        isOn={room.knockToEnter}
        onChange={(knockToEnter) => call.send("set_knock", { knockToEnter })}
      />
      <div className={classes.row}>
        <Button variant="default" onClick={bans.open}>
          {t("host.removed")}
        </Button>
      </div>
      <RemovedPeopleModal opened={bansOpen} onClose={bans.close} call={call} />
    </>
  );
}

function CohostsPart({ call, room }: Props) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const others = call.participants.filter(({ kind, userId }) => kind === "person" && userId !== room.hostId);
  if (others.length === 0) return <p className={classes.lead}>{t("host.nobodyElse")}</p>;
  return (
    <ul className={classes.people}>
      {others.map((person) => (
        <li key={person.id}>
          <Option
            label={nameOf(person)}
            isOn={room.cohostIds.includes(person.userId)}
            onChange={(cohost) => call.send("set_cohost", { participantId: person.id, cohost })}
          />
        </li>
      ))}
    </ul>
  );
}

interface OptionProps {
  label: string;
  isOn: boolean;
  onChange(isOn: boolean): void;
}

/** Shows what the server says, so that a refusal leaves the switch as it was. */
function Option({ label, isOn, onChange }: OptionProps) {
  return <Switch label={label} checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />;
}

function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <Title order={3} size="h4" id={id}>
        {title}
      </Title>
      {lead && <p className={classes.lead}>{lead}</p>}
      {children}
    </section>
  );
}
