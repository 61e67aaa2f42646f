import { useEffect, useImperativeHandle } from "react";
import { GuestFields } from "../landing/GuestFields";
import { useGuestForm } from "../landing/useGuestForm";

/** The methods of the form that the panel calls. */
export interface GuestHandle {
  /** Resolves to whether the person is signed in; if not, the form says why. */
  signIn(): Promise<boolean>;
}

interface Props {
  handle: React.Ref<GuestHandle>;
  onReady(): void;
}

/** The name of a person who has not signed in. Loaded only for them: its form is code that nobody else needs. */
export function GuestPart({ handle, onReady }: Props) {
  const { form, signIn } = useGuestForm();
  useImperativeHandle(handle, () => ({ signIn }));
  useEffect(onReady, [onReady]);
  return <GuestFields form={form} />;
}
