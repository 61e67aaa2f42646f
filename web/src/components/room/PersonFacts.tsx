import { useTranslation } from "react-i18next";
import { useNames } from "../../i18n/names";
import type { Participant } from "../../protocol";
import classes from "./PersonMenu.module.css";

/** Who this is: the start of many a talk. */
export function PersonFacts({ person }: { person: Participant }) {
  const { t } = useTranslation();
  const names = useNames();
  const facts = [
    person.country && t("room.from", { country: names.country(person.country) }),
    person.nativeLanguage && t("room.speaks", { language: names.language(person.nativeLanguage) }),
    person.learningLevel && t("room.level", { level: person.learningLevel }),
  ].filter(Boolean);
  return (
    <div className={classes.facts}>
      <strong>{person.name}</strong>
      <span>{facts.join(" · ")}</span>
    </div>
  );
}
