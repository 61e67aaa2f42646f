import { useTranslation } from "react-i18next";
import { useAccount } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { FormError } from "../common/form-errors";
import { PageLoader } from "../common/PageLoader";
import classes from "../profile/ProfileView.module.css";
import { Devices } from "./Devices";
import { OtherDevice } from "./OtherDevice";
import { OwnData } from "./OwnData";
import { SignIns } from "./SignIns";

/** The parts of the profile page that keep it: ways to sign in, devices, one's data. */
export function AccountSections() {
  const { t } = useTranslation();
  const { data, error } = useAccount();
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  if (!data) return <PageLoader />;
  return (
    <>
      <Section id="profile-keep" title={t(data.isGuest ? "account.keep" : "account.signIns")}>
        <SignIns account={data} />
      </Section>
      <Section id="profile-device" title={t("account.otherDevice")}>
        <OtherDevice />
      </Section>
      <Section id="profile-devices" title={t("account.devices")}>
        <Devices sessions={data.sessions} />
      </Section>
      <Section id="profile-data" title={t("account.data")}>
        <OwnData />
      </Section>
    </>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: React.ReactNode }) {
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
