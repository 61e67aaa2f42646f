import { Button } from "@mantine/core";
import { IconBubbleText, IconPlayerSkipForward } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type CallHook, nextTopic, shownTopic } from "../../hooks";
import type { Participant } from "../../protocol";
import classes from "./ClubBar.module.css";
import { Said } from "./Said";
import { TurnPart } from "./TurnPart";

interface Props {
  call: CallHook;
  me: Participant;
}

/** For everyone: the topic that the host has chosen, and whose turn it is to speak. */
export function ClubBar({ call, me }: Props) {
  const { t } = useTranslation();
  const { club } = call;
  const topic = shownTopic(club);
  const next = nextTopic(club);
  return (
    <section className={classes.bar} aria-label={t("club.bar")}>
      {topic !== null && (
        <div className={classes.part}>
          <IconBubbleText size={20} className={classes.icon} aria-hidden="true" />
          <p className={classes.text}>
            <span className={classes.kind}>{t("club.topic")}</span>
            <strong dir="auto">{topic}</strong>
          </p>
          {call.isLeading && next !== null && (
            <Button
              variant="light"
              className={classes.next}
              leftSection={<IconPlayerSkipForward size={18} aria-hidden="true" />}
              disabled={call.isStale}
              onClick={() => call.send("show_topic", { index: next })}
            >
              <span className={classes.nextText}>{t("club.nextTopic")}</span>
            </Button>
          )}
        </div>
      )}
      {club.turns && <TurnPart call={call} me={me} turns={club.turns} />}
      <Said text={topic === null ? "" : t("club.saidTopic", { topic })} />
    </section>
  );
}
