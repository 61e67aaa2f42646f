import { Button } from "@mantine/core";
import { IconCheck, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { usePeopleActions } from "../../hooks";
import { useOrNotify } from "../account/useOrNotify";
import { notify } from "../common/notify";

interface Props {
  person: { id: string; name: string; youFollow: boolean; followsYou: boolean };
}

/** Follows a person or ends it. It is named after what pressing it does. */
export function FollowButton({ person: { id, name, youFollow, followsYou } }: Props) {
  const { t } = useTranslation();
  const { follow, unfollow } = usePeopleActions();
  const { isBusy, run } = useOrNotify();
  const Icon = youFollow ? IconCheck : IconPlus;
  const toggle = async () => {
    if (!(await run(() => (youFollow ? unfollow(id) : follow(id))))) return;
    if (youFollow) notify(t("friends.unfollowed", { name }));
    else notify(t(followsYou ? "friends.nowFriends" : "friends.followed", { name }));
  };
  return (
    <Button
      variant={youFollow ? "default" : "filled"}
      loading={isBusy}
      leftSection={<Icon size={18} aria-hidden="true" />}
      aria-label={
        youFollow
          ? t("friends.unfollowNamed", { name })
          : t(followsYou ? "friends.followBackNamed" : "friends.followNamed", { name })
      }
      onClick={() => void toggle()}
    >
      {t(youFollow ? "friends.unfollow" : followsYou ? "friends.followBack" : "friends.follow")}
    </Button>
  );
}
