import { Button, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import { PersonAvatar } from "../common/PersonAvatar";
import classes from "./KnockPanel.module.css";
import { useKnockNews } from "./useKnockNews";

/** For the host: the people at the door, to admit or decline. Announces them by sound and to screen readers. */
export function KnockPanel({ call }: { call: CallHook }) {
  const { t } = useTranslation();
  const { knocks } = call;
  // The server may have restarted, which ends the knocks that are still shown.
  const isOutOfReach = call.phase !== "joined";
  const news = useKnockNews(knocks);
  const heading = useRef<HTMLHeadingElement>(null);
  const answered = useRef(false);

  // The pressed button disappears with its row, so the focus moves to what remains.
  useEffect(() => {
    if (!answered.current || document.activeElement !== document.body) return;
    answered.current = false;
    (knocks.length > 0 ? heading.current : document.getElementById("content"))?.focus();
  }, [knocks]);

  const answer = (knockId: string, admitted: boolean) => {
    answered.current = true;
    call.send("answer_knock", { knockId, admitted });
  };

  /** Admits as many people as there are seats, in the order in which they knocked. */
  const admitAll = () => {
    answered.current = true;
    call.send("admit_all", {});
  };

  return (
    <>
      <VisuallyHidden role="status" data-testid="knock-news">
        {news}
      </VisuallyHidden>
      {knocks.length > 0 && (
        <section className={classes.panel} aria-labelledby="at-the-door">
          <h2 id="at-the-door" ref={heading} tabIndex={-1} className={classes.title}>
            {t("door.title", { count: knocks.length })}
          </h2>
          <ul className={classes.people}>
            {knocks.map((person) => (
              <li key={person.id} className={classes.person}>
                <PersonAvatar person={person} size={40} />
                <span className={classes.name}>
                  <bdi>{person.name}</bdi>
                  {person.learningLevel && (
                    <span className={classes.level}>{t("room.level", { level: person.learningLevel })}</span>
                  )}
                </span>
                <span className={classes.buttons}>
                  <Button
                    disabled={isOutOfReach}
                    aria-label={t("door.admitLabel", { name: person.name })}
                    onClick={() => answer(person.id, true)}
                  >
                    {t("door.admit")}
                  </Button>
                  <Button
                    variant="default"
                    disabled={isOutOfReach}
                    aria-label={t("door.declineLabel", { name: person.name })}
                    onClick={() => answer(person.id, false)}
                  >
                    {t("door.decline")}
                  </Button>
                </span>
              </li>
            ))}
          </ul>
          {knocks.length > 1 && (
            <Button variant="light" disabled={isOutOfReach} className={classes.all} onClick={admitAll}>
              {t("door.admitAll")}
            </Button>
          )}
        </section>
      )}
    </>
  );
}
