import { Center, Loader, Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function PageLoader({ label }: { label?: string }) {
  const { t } = useTranslation();
  return (
    <Center mih="60dvh" role="status" aria-label={label ?? t("app.loading")}>
      <Stack align="center">
        <Loader />
        {label && (
          <Title order={1} size="h4" tabIndex={-1}>
            {label}
          </Title>
        )}
      </Stack>
    </Center>
  );
}
