import { Button, Textarea } from "@mantine/core";
import { IconBan, IconFlag } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeopleActions, usePerson, useSession } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { useNames } from "../../i18n/names";
import type { PersonCard } from "../../protocol";
import { useDates } from "../account/useDates";
import { useOrNotify } from "../account/useOrNotify";
import { Flag } from "../common/Flag";
import { FormError } from "../common/form-errors";
import { LevelBadge } from "../common/LevelBadge";
import { notify } from "../common/notify";
import { PageLoader } from "../common/PageLoader";
import { PersonAvatar } from "../common/PersonAvatar";
import { openReport } from "../safety/openReport";
import { FollowButton } from "./FollowButton";
import { FriendPlace } from "./FriendPlace";
import classes from "./People.module.css";
import { useBlock } from "./useBlock";

interface Props {
  userId: string;
  roomId?: string | undefined;
  onDone(): void;
}

/** A person's profile, and what the reader can do about them. */
export function PersonCardView({ userId, roomId, onDone }: Props) {
  const { t } = useTranslation();
  const { data: card, error } = usePerson(userId);
  const { user } = useSession();
  if (error?.code === "user_not_found") {
    return (
      <div className={classes.card}>
        <p className={classes.about}>{t("card.none")}</p>
        <p className={classes.note}>{t("card.noneHint")}</p>
      </div>
    );
  }
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  if (!card) return <PageLoader />;
  const isMe = card.id === user?.id;
  const isHere = card.room !== null && card.room.id === roomId;
  return (
    <div className={classes.card}>
      <div className={classes.head}>
        <PersonAvatar person={card} size={84} />
        <div className={classes.what}>
          <strong className={classes.title} dir="auto">
            {card.name}
          </strong>
          <Relation card={card} isMe={isMe} />
          {!isHere && <FriendPlace person={card} onGo={onDone} />}
        </div>
      </div>
      {card.about && (
        <p className={classes.about} dir="auto">
          {card.about}
        </p>
      )}
      <Facts card={card} />
      {!isMe && (
        <>
          <div className={classes.actions}>
            <FollowButton person={card} />
          </div>
          <NoteForm key={card.id} card={card} />
          <DangerActions card={card} roomId={roomId} onDone={onDone} />
        </>
      )}
    </div>
  );
}

function Relation({ card, isMe }: { card: PersonCard; isMe: boolean }) {
  const { t } = useTranslation();
  if (isMe) return <span className={classes.note}>{t("card.you")}</span>;
  if (card.youFollow && card.followsYou) return <span className={classes.badge}>{t("friends.badge")}</span>;
  return card.followsYou ? <span className={classes.note}>{t("friends.followsYou")}</span> : null;
}

function Facts({ card }: { card: PersonCard }) {
  const { t } = useTranslation();
  const names = useNames();
  const date = useDates();
  const list = (tags: readonly string[]) => [...new Set(tags)].map(names.language).join(", ");
  const speaks = list([...(card.nativeLanguage ? [card.nativeLanguage] : []), ...card.alsoSpeaks]);
  return (
    <dl className={classes.facts}>
      {speaks && <Fact name={t("card.speaks")}>{speaks}</Fact>}
      {card.practises.length > 0 && <Fact name={t("card.practises")}>{list(card.practises)}</Fact>}
      {card.learningLevel && (
        <Fact name={t("card.level")}>
          <LevelBadge level={card.learningLevel} withName />
        </Fact>
      )}
      {card.country && (
        <Fact name={t("card.country")}>
          <Flag country={card.country} decorative /> {names.country(card.country)}
        </Fact>
      )}
      <Fact name={t("card.memberSince")}>{date(card.memberSince)}</Fact>
      {card.metAt && <Fact name={t("card.met")}>{date(card.metAt)}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const MAX_NOTE = 1_000;

function NoteForm({ card }: { card: PersonCard }) {
  const { t } = useTranslation();
  const { setNote } = usePeopleActions();
  const { isBusy, run } = useOrNotify();
  const [text, setText] = useState(card.note);
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    if (await run(() => setNote(card.id, text.trim()))) notify(t("card.noteSaved"));
  };
  return (
    <form className={classes.noteForm} onSubmit={(event) => void submit(event)}>
      <Textarea
        label={t("card.note")}
        description={t("card.noteHint")}
        value={text}
        maxLength={MAX_NOTE}
        autosize
        minRows={1}
        maxRows={8}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {text.trim() !== card.note && (
        <Button type="submit" variant="light" loading={isBusy}>
          {t("card.noteSave")}
        </Button>
      )}
    </form>
  );
}

function DangerActions({
  card,
  roomId,
  onDone,
}: {
  card: PersonCard;
  roomId: string | undefined;
  onDone(): void;
}) {
  const { t } = useTranslation();
  const { block } = useBlock();
  return (
    <div className={classes.danger}>
      <Button
        variant="subtle"
        color="red"
        leftSection={<IconBan size={18} aria-hidden="true" />}
        onClick={() => {
          onDone();
          block(card.id, card.name);
        }}
      >
        {t("people.block")}
      </Button>
      <Button
        variant="subtle"
        color="red"
        leftSection={<IconFlag size={18} aria-hidden="true" />}
        onClick={() => {
          onDone();
          openReport({ userId: card.id, name: card.name, roomId });
        }}
      >
        {t("app.report")}
      </Button>
    </div>
  );
}
