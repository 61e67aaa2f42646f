import { Button } from "@mantine/core";
import { IconCheck, IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeople, usePeopleActions } from "../../hooks";
import type { ListedUser } from "../../protocol";
import { useOrNotify } from "../account/useOrNotify";
import { notify } from "../common/notify";
import classes from "./People.module.css";
import { PeopleRows } from "./PeopleRows";

interface Props {
  roomId: string;
  /** The host lets people in one by one. */
  knocks: boolean;
  /** The reader is host or co-host, whose guests need not knock. */
  isLeading: boolean;
}

/** The reader's friends, those online first, each with a button that invites them into the room. */
export function InviteFriends({ roomId, knocks, isLeading }: Props) {
  const { t } = useTranslation();
  const online = usePeople("online");
  const friends = usePeople("friends");
  const [invited, setInvited] = useState<ReadonlySet<string>>(new Set());
  const button = (person: ListedUser) => (
    <InviteButton
      roomId={roomId}
      person={person}
      isInvited={invited.has(person.id)}
      onInvited={() => setInvited((before) => new Set([...before, person.id]))}
    />
  );
  const isHere = (person: ListedUser) => person.room?.id === roomId;
  const elsewhere = { ...online, people: online.people.filter((person) => !isHere(person)) };
  const shown = new Set(online.people.map(({ id }) => id));
  const others = { ...friends, people: friends.people.filter(({ id }) => !shown.has(id)) };
  const hasOthers = others.people.length > 0 || friends.people.length === 0;
  return (
    <section className={classes.invite} aria-labelledby="invite-friends">
      <h3 id="invite-friends" className={classes.heading}>
        {t("invitations.title")}
      </h3>
      <p className={classes.note}>
        {t("invitations.lead")} {knocks && t(isLeading ? "invitations.knock" : "invitations.mustKnock")}
      </p>
      <div className={classes.inviteRows}>
        {elsewhere.people.length > 0 && (
          <PeopleRows
            label={t("friends.onlineNow")}
            empty=""
            list={elsewhere}
            note={(person) => (
              <span className={classes.online}>
                {person.room ? t("friends.inRoom", { room: person.room.name }) : t("friends.online")}
              </span>
            )}
          >
            {button}
          </PeopleRows>
        )}
        {hasOthers && (
          <PeopleRows label={t("invitations.all")} empty={t("invitations.nobody")} list={others}>
            {button}
          </PeopleRows>
        )}
      </div>
    </section>
  );
}

interface ButtonProps {
  roomId: string;
  person: ListedUser;
  isInvited: boolean;
  onInvited(): void;
}

function InviteButton({ roomId, person: { id, name }, isInvited, onInvited }: ButtonProps) {
  const { t } = useTranslation();
  const { invite } = usePeopleActions();
  const { isBusy, run } = useOrNotify();
  const send = async () => {
    if (isInvited || !(await run(() => invite(roomId, id)))) return;
    onInvited();
    notify(t("invitations.sentTo", { name }));
  };
  const Icon = isInvited ? IconCheck : IconSend;
  return (
    <Button
      variant={isInvited ? "default" : "light"}
      loading={isBusy}
      aria-disabled={isInvited}
      aria-label={isInvited ? undefined : t("invitations.inviteNamed", { name })}
      leftSection={<Icon size={18} aria-hidden="true" />}
      onClick={() => void send()}
    >
      {t(isInvited ? "invitations.sent" : "invitations.invite")}
    </Button>
  );
}
