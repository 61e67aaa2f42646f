import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { SignInGate } from "../components/common/SignInGate";
import { PageLayout } from "../components/layout/PageLayout";
import { LISTS, PeopleView } from "../components/people/PeopleView";
import NotFoundPage from "./NotFoundPage";

export default function PeoplePage() {
  const { t } = useTranslation();
  const { list = "friends" } = useParams();
  const shown = LISTS.find((each) => each === list);
  if (!shown) return <NotFoundPage />;
  return (
    <PageLayout title={t("friends.title")} width="narrow">
      <SignInGate title={t("friends.title")}>
        <Title order={1} tabIndex={-1}>
          {t("friends.title")}
        </Title>
        <PeopleView list={shown} />
      </SignInGate>
    </PageLayout>
  );
}
