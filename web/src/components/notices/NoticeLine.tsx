import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Notice } from "../../protocol";
import classes from "../schedule/Schedule.module.css";
import { useTimes } from "../schedule/useTimes";

interface Props {
  body: Notice["body"];
  onOpen?: () => void;
}

/** The text of a notice, as a link to its page. */
export function NoticeLine({ body, onOpen }: Props) {
  const { text, link } = useNoticeText()(body);
  return (
    <Link to={link} className={classes.link} dir="auto" onClick={onOpen}>
      {text}
    </Link>
  );
}

/** The text of a notice, and the page that it is about. */
export function useNoticeText(): (body: Notice["body"]) => { text: string; link: string } {
  const { t } = useTranslation();
  const times = useTimes();
  return (body) => {
    switch (body.kind) {
      case "achievements":
        return {
          text: t("notices.badges", {
            count: body.names.length,
            names: body.names.map((name) => `“${t(`badges.names.${name}`)}”`).join(", "),
          }),
          link: "/progress",
        };
      case "week_summary": {
        const count = Math.round(body.week.minutes);
        const text = t(body.goalReached ? "notices.weekGoal" : "notices.week", { count });
        return { text, link: "/progress" };
      }
      case "new_follower":
        return {
          text: t(body.areFriends ? "notices.friend" : "notices.follower", { name: body.name }),
          link: body.areFriends ? "/people" : "/people/followers",
        };
      case "room_invitation":
        return {
          text: t("notices.invitation", { name: body.name, room: body.roomName }),
          link: `/rooms/${body.roomId}${body.invite ? `?invite=${body.invite}` : ""}`,
        };
      default:
        return {
          text: t(`notices.kinds.${body.kind}`, { name: body.name, time: times.own(body.startsAt) }),
          link: `/schedule/${body.eventId}?at=${body.occurrenceId}`,
        };
    }
  };
}
