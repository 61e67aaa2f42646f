import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

/** What the server said to a form as a whole. */
export function FormError({ children }: { children: React.ReactNode }) {
  return (
    <Alert role="alert" color="red" variant="outline" icon={<IconAlertTriangle aria-hidden="true" />}>
      {children}
    </Alert>
  );
}
