import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { FormError } from "../common/form-errors";
import { PageLoader } from "../common/PageLoader";
import classes from "./Moderation.module.css";

interface Props {
  label: string;
  isEmpty: boolean;
  isLoading: boolean;
  error: ApiError | null;
  hasMore: boolean;
  onMore(): void;
  children: React.ReactNode;
}

/** A list that is read page by page. */
export function Pages({ label, isEmpty, isLoading, error, hasMore, onMore, children }: Props) {
  const { t } = useTranslation();
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  if (isLoading) return <PageLoader />;
  if (isEmpty) return <p className={classes.soft}>{t("moderation.nothing")}</p>;
  return (
    <>
      <ul className={classes.list} aria-label={label}>
        {children}
      </ul>
      {hasMore && (
        <Button variant="default" onClick={onMore}>
          {t("moderation.more")}
        </Button>
      )}
    </>
  );
}
