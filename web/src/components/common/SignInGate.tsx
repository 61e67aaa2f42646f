import { Title } from "@mantine/core";
import { loadedLater } from "../../core/lazy-load";
import { useSession } from "../../hooks";
import { LazyPart } from "./LazyPart";
import { PageLoader } from "./PageLoader";
import classes from "./SignInGate.module.css";

const guestForm = loadedLater(async () => (await import("../landing/GuestForm")).GuestForm);

interface Props {
  /** Why a name is required here. */
  title: string;
  children: React.ReactNode;
}

/** Shows the page to people who are signed in, and the sign-in form to others. */
export function SignInGate({ title, children }: Props) {
  const { status } = useSession();
  if (status === "loading") return <PageLoader />;
  if (status === "signed-in") return children;
  return (
    <section className={classes.gate}>
      <Title order={1} tabIndex={-1} className={classes.title}>
        {title}
      </Title>
      <LazyPart load={guestForm} props={{}} />
    </section>
  );
}
