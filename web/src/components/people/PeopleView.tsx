import { Button, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { type PeopleList, usePeople, usePeopleActions } from "../../hooks";
import type { ListedUser } from "../../protocol";
import { useDates } from "../account/useDates";
import { useOrNotify } from "../account/useOrNotify";
import { FollowButton } from "./FollowButton";
import { FriendPlace } from "./FriendPlace";
import { openCard } from "./openCard";
import classes from "./People.module.css";
import { PeopleRows } from "./PeopleRows";
import { PresenceSetting } from "./PresenceSetting";
import { useBlock } from "./useBlock";

export const LISTS = ["friends", "following", "followers", "met", "blocked"] as const;
export type ShownList = (typeof LISTS)[number];

/** A person's lists of people, one at a time. */
export function PeopleView({ list }: { list: ShownList }) {
  const { t } = useTranslation();
  return (
    <>
      <nav className={classes.tabs} aria-label={t("friends.pages")}>
        {LISTS.map((each) => (
          <NavLink
            key={each}
            to={each === "friends" ? "/people" : `/people/${each}`}
            end
            className={classes.tab}
          >
            {t(`friends.lists.${each}`)}
          </NavLink>
        ))}
      </nav>
      <Text c="dimmed" my="sm">
        {t(`friends.leads.${list}`)}
      </Text>
      {list === "friends" && <Friends />}
      {list !== "friends" && <List key={list} list={list} />}
    </>
  );
}

function Friends() {
  const { t } = useTranslation();
  const online = usePeople("online");
  return (
    <>
      <PresenceSetting />
      {online.people.length > 0 && (
        <section aria-labelledby="people-online">
          <h2 id="people-online" className={classes.heading}>
            {t("friends.onlineNow")}
          </h2>
          <Rows list="online" label={t("friends.onlineNow")} people={online} />
        </section>
      )}
      <section aria-labelledby="people-friends">
        <h2 id="people-friends" className={classes.heading}>
          {t("friends.lists.friends")}
        </h2>
        <List list="friends" />
      </section>
    </>
  );
}

function List({ list }: { list: ShownList }) {
  const { t } = useTranslation();
  const people = usePeople(list);
  return (
    <>
      <Rows list={list} label={t(`friends.lists.${list}`)} people={people} />
      {list === "met" && people.people.length > 0 && <EmptyMet />}
    </>
  );
}

interface RowsProps {
  list: PeopleList;
  label: string;
  people: ReturnType<typeof usePeople>;
}

function Rows({ list, label, people }: RowsProps) {
  const { t } = useTranslation();
  const open = (person: ListedUser) => openCard({ userId: person.id, name: person.name });
  return (
    <PeopleRows
      label={label}
      empty={list === "online" ? "" : t(`friends.empty.${list}`)}
      list={people}
      note={(person) => <Note person={person} list={list} />}
      {...(list === "blocked" ? {} : { onOpen: open })}
    >
      {(person) => <RowActions person={person} list={list} />}
    </PeopleRows>
  );
}

/** Shows the place of a friend, or since when the person is in the list; below, the reader's own note. */
function Note({ person, list }: { person: ListedUser; list: PeopleList }) {
  const { t } = useTranslation();
  const date = useDates();
  const when =
    person.roomName === null
      ? t("friends.since", { date: date(person.since) })
      : t("friends.metIn", { date: date(person.since), room: person.roomName });
  const isFriend = person.youFollow && person.followsYou;
  return (
    <>
      <span className={classes.place}>
        {person.isOnline ? <FriendPlace person={person} /> : when}
        {isFriend && list !== "friends" && list !== "online" && (
          <span className={classes.badge}>{t("friends.badge")}</span>
        )}
      </span>
      {person.note && (
        <span className={classes.ownNote} dir="auto">
          {person.note}
        </span>
      )}
    </>
  );
}

function RowActions({ person, list }: { person: ListedUser; list: PeopleList }) {
  const { t } = useTranslation();
  const { removeFollower, forgetMet } = usePeopleActions();
  const { unblock } = useBlock();
  const { isBusy, run } = useOrNotify();
  const { id, name } = person;
  if (list === "online") return null;
  if (list === "blocked") {
    return (
      <Button
        variant="default"
        aria-label={t("people.unblockNamed", { name })}
        onClick={() => void unblock(id)}
      >
        {t("people.unblock")}
      </Button>
    );
  }
  const remove = list === "followers" ? removeFollower : list === "met" ? forgetMet : null;
  const isOffered = list === "friends" || list === "following" || !person.youFollow;
  return (
    <>
      {isOffered && <FollowButton person={person} />}
      {remove && (
        <Button
          variant="subtle"
          color="gray"
          loading={isBusy}
          leftSection={<IconX size={16} aria-hidden="true" />}
          aria-label={t("friends.removeNamed", { name })}
          onClick={() => void run(() => remove(id))}
        >
          {t("friends.remove")}
        </Button>
      )}
    </>
  );
}

function EmptyMet() {
  const { t } = useTranslation();
  const { forgetMet } = usePeopleActions();
  const { run } = useOrNotify();
  const ask = () =>
    modals.openConfirmModal({
      title: t("friends.removeAllTitle"),
      children: <Text>{t("friends.removeAllText")}</Text>,
      labels: { confirm: t("friends.removeAll"), cancel: t("room.cancel") },
      confirmProps: { color: "red" },
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: () => void run(() => forgetMet()),
    });
  return (
    <Button variant="subtle" color="red" mt="md" onClick={ask}>
      {t("friends.removeAll")}
    </Button>
  );
}
