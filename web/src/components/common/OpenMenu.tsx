import { Menu } from "@mantine/core";
import { cloneElement, useEffect, useRef, useState } from "react";

interface Props {
  button: React.ReactElement<React.ComponentProps<"button">>;
  width?: number | undefined;
  children: React.ReactNode;
}

/** The menu of a `LazyMenu`. It opens at once. */
export function OpenMenu({ button, width, children }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const target = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // This button replaces the one that was pressed. The menu returns the focus to what had it before.
    target.current?.focus();
    setIsOpen(true);
  }, []);
  return (
    <Menu opened={isOpen} onChange={setIsOpen} position="bottom-end" width={width} withinPortal={false}>
      <Menu.Target>{cloneElement(button, { ref: target })}</Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
