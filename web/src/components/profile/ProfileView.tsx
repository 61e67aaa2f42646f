import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "../../hooks";
import { AppearanceSettings } from "../settings/AppearanceSettings";
import { AvatarEditor } from "./AvatarEditor";
import { ProfileForm } from "./ProfileForm";
import classes from "./ProfileView.module.css";
import { useSignOut } from "./useSignOut";

export function ProfileView() {
  const { t } = useTranslation();
  const { user } = useSession();
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
      </section>
      <section className={classes.section} aria-labelledby="profile-preferences">
        <h2 id="profile-preferences">{t("profile.preferences")}</h2>
        <AppearanceSettings />
      </section>
      <section className={classes.section} aria-labelledby="profile-sign-out">
        <h2 id="profile-sign-out">{t("app.signOut")}</h2>
        <Text c="dimmed" mb="md">
          {t("profile.signOutHint")}
        </Text>
        <Button variant="outline" color="red" className={classes.danger} onClick={signOut}>
          {t("app.signOut")}
        </Button>
      </section>
    </div>
  );
}
