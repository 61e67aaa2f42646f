import { Anchor, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useClassText } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { FormError } from "../common/form-errors";
import { PageLoader } from "../common/PageLoader";
import { ClassView } from "./ClassView";

/** A class by the parts of its address; indices are from 0. */
export function ClassLoader({ course, module, subTopic }: Record<"course" | "module" | "subTopic", string>) {
  const { t } = useTranslation();
  const { data, error } = useClassText(course, module, subTopic);
  if (error)
    return (
      <>
        <Title order={1} tabIndex={-1} mb="md">
          {t("courses.class")}
        </Title>
        <FormError>{errorText(t, error)}</FormError>
        <Anchor component={Link} to="/courses">
          {t("courses.back")}
        </Anchor>
      </>
    );
  return data ? <ClassView text={data} /> : <PageLoader />;
}
