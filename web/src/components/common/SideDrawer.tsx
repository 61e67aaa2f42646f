import { Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
  opened: boolean;
  onClose(): void;
  title: string;
  children: React.ReactNode;
}

/** A drawer at the right edge, with a named close button. */
export function SideDrawer({ children, ...props }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer {...props} position="right" closeButtonProps={{ "aria-label": t("app.close") }}>
      {children}
    </Drawer>
  );
}
