import { Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { BringAlong } from "../components/account/BringAlong";
import { LinkSignIn } from "../components/account/LinkSignIn";
import { SignInForm } from "../components/account/SignInForm";
import { PageLayout } from "../components/layout/PageLayout";
import { type GuestBefore, type SignedIn, takeAnswer, useSignIn } from "../hooks";
import classes from "./FormPage.module.css";

export default function SignInPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [{ code, mail, answer }, setSecrets] = useState(takeSecrets);
  // A link that is opened on this very page changes only what is behind the #.
  useEffect(() => {
    const take = () => window.location.hash && setSecrets(takeSecrets());
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);
  const { byMail, byProvider } = useSignIn();
  const [guest, setGuest] = useState<GuestBefore | null>(null);
  const finish = mail ? () => byMail(mail) : answer && (() => byProvider(answer));
  // A link adds a way to sign in, or signs in: the profile shows which.
  const goOn = () => void navigate(finish ? "/profile" : "/rooms", { replace: true });
  const signedIn = (result: SignedIn) => (result.guest ? setGuest(result.guest) : goOn());
  const lead = finish ? "signIn.leadLink" : code ? "signIn.leadCode" : "signIn.lead";
  return (
    <PageLayout title={t("signIn.page")} width="narrow">
      <Title order={1} tabIndex={-1}>
        {t("signIn.title")}
      </Title>
      {!guest && <p className={classes.lead}>{t(lead)}</p>}
      {guest ? (
        <BringAlong guest={guest} onDone={goOn} />
      ) : finish ? (
        <LinkSignIn key={mail} finish={finish} onSignedIn={signedIn} />
      ) : (
        <SignInForm key={code} code={code} onSignedIn={signedIn} />
      )}
    </PageLayout>
  );
}

/** Takes the secrets of a link out of the address, which people copy. */
function takeSecrets() {
  const { hash, search, pathname } = window.location;
  const brought = new URLSearchParams(hash.slice(1));
  if (hash || search) window.history.replaceState(window.history.state, "", pathname);
  return {
    code: brought.get("code") ?? "",
    mail: brought.get("mail") ?? "",
    answer: search ? takeAnswer(search) : null,
  };
}
