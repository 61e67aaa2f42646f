import { useTranslation } from "react-i18next";
import { useOnlineCount, useOnlineUsers } from "../../hooks";
import { Flag } from "../common/Flag";
import { PersonAvatar } from "../common/PersonAvatar";
import classes from "./OnlineStrip.module.css";

/** The number of people online and, for people who have signed in, who they are. */
export function OnlineStrip() {
  const { t } = useTranslation();
  const polled = useOnlineCount();
  const { count: live, users } = useOnlineUsers();
  // The list is live, the polled count up to 20 s old: it would not match the faces beside it.
  const count = users.length > 0 ? Math.max(live, users.length) : polled;
  if (count === 0) return null;
  const hidden = count - users.length;
  return (
    <section className={classes.strip} aria-label={t("rooms.online")}>
      <p className={classes.count}>
        <span className={classes.dot} aria-hidden="true" />
        {t("rooms.onlineCount", { count })}
      </p>
      {users.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <ul className={classes.people} tabIndex={0} aria-label={t("rooms.online")}>
          {users.map((user) => (
            <li key={user.id} className={classes.person}>
              <span className={classes.face}>
                <PersonAvatar person={user} size={40} />
                {user.country && <Flag country={user.country} />}
              </span>
              <span className={classes.name} dir="auto">
                {user.name}
              </span>
            </li>
          ))}
          {hidden > 0 && <li className={classes.more}>{t("rooms.onlineMore", { count: hidden })}</li>}
        </ul>
      )}
    </section>
  );
}
