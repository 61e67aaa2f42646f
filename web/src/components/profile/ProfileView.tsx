import { Anchor, Button, Text } from "@mantine/core";
import { IconId } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAccount, useSession } from "../../hooks";
import { AccountSections } from "../account/AccountSections";
import { openCard } from "../people/openCard";
import { PresenceSetting } from "../people/PresenceSetting";
import { HideProfile } from "../safety/HideProfile";
import { MinorsNote } from "../safety/RulesText";
import safety from "../safety/Safety.module.css";
import { AppearanceSettings } from "../settings/AppearanceSettings";
import { AvatarEditor } from "./AvatarEditor";
import { ProfileForm } from "./ProfileForm";
import classes from "./ProfileView.module.css";
import { useSignOut } from "./useSignOut";

export function ProfileView() {
  const { t } = useTranslation();
  const { user } = useSession();
  const { data: account } = useAccount();
  const isGuest = account?.isGuest ?? true;
  const signOut = useSignOut();
  if (!user) return null;
  return (
    <div className={classes.sections}>
      <section className={classes.section} aria-labelledby="profile-avatar">
        <h2 id="profile-avatar">{t("profile.avatar")}</h2>
        <AvatarEditor user={user} />
      </section>
      <section className={classes.section} aria-labelledby="profile-details">
        <h2 id="profile-details">{t("profile.details")}</h2>
        <ProfileForm user={user} />
        <Button
          variant="subtle"
          mt="sm"
          leftSection={<IconId size={18} aria-hidden="true" />}
          onClick={() => openCard({ userId: user.id, name: user.name })}
        >
          {t("card.preview")}
        </Button>
      </section>
      <section className={classes.section} aria-labelledby="profile-safety">
        <h2 id="profile-safety">{t("safety.profile")}</h2>
        <div className={safety.stack}>
          <HideProfile />
          <PresenceSetting />
          <MinorsNote />
          <Anchor component={Link} to="/people/blocked">
            {t("safety.blocked")}
          </Anchor>
          <Anchor component={Link} to="/privacy">
            {t("safety.bannedPrivacy")}
          </Anchor>
        </div>
      </section>
      <AccountSections />
      <section className={classes.section} aria-labelledby="profile-preferences">
        <h2 id="profile-preferences">{t("profile.preferences")}</h2>
        <AppearanceSettings />
      </section>
      <section className={classes.section} aria-labelledby="profile-sign-out">
        <h2 id="profile-sign-out">{t("app.signOut")}</h2>
        <Text c="dimmed" mb="md">
          {t(isGuest ? "profile.signOutHint" : "profile.signOutHintKept")}
        </Text>
        <Button variant="outline" color="red" className={classes.danger} onClick={signOut}>
          {t("app.signOut")}
        </Button>
      </section>
    </div>
  );
}
