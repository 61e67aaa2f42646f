import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { SignInGate } from "../components/common/SignInGate";
import { ClassLoader } from "../components/courses/ClassLoader";
import { PageLayout } from "../components/layout/PageLayout";

export default function ClassPage() {
  const { t } = useTranslation();
  const { course = "", module = "", class: subTopic = "" } = useParams();
  return (
    <PageLayout title={t("courses.class")}>
      <SignInGate title={t("courses.signInFirst")}>
        <ClassLoader key={`${course}/${module}/${subTopic}`} {...{ course, module, subTopic }} />
      </SignInGate>
    </PageLayout>
  );
}
