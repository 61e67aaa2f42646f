import { VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Participant } from "../../protocol";
import { PersonAvatar } from "../common/PersonAvatar";
import classes from "./AvatarPile.module.css";

const SHOWN = 3;

export function AvatarPile({ people }: { people: Participant[] }) {
  const { t } = useTranslation();
  if (people.length === 0) return <span className={classes.empty}>{t("rooms.card.empty")}</span>;
  const hidden = people.length - SHOWN;
  const names = people.slice(0, SHOWN).map((person) => person.name);
  if (hidden > 0) names.push(t("rooms.card.moreLabel", { count: hidden }));
  return (
    <div className={classes.pile}>
      <VisuallyHidden>{t("rooms.card.people", { names: names.join(", ") })}</VisuallyHidden>
      {people.slice(0, SHOWN).map((person) => (
        <PersonAvatar key={person.id} person={person} size={34} className={classes.face} />
      ))}
      {hidden > 0 && (
        <span className={classes.more} aria-hidden="true">
          {t("rooms.card.more", { count: hidden })}
        </span>
      )}
    </div>
  );
}
