import { useTranslation } from "react-i18next";
import { useSession } from "../../hooks";
import { formErrors } from "../common/form-errors";
import { useProfileForm } from "../common/ProfileFields";

/** Form state of `GuestFields`. `signIn` resolves to whether the person is signed in; if not, the form says why. */
export function useGuestForm() {
  const { t } = useTranslation();
  const session = useSession();
  const form = useProfileForm({ name: "", nativeLanguage: null, learningLevel: null, country: null });
  const signIn = async (): Promise<boolean> => {
    if (form.validate().hasErrors) return false;
    form.setSubmitting(true);
    try {
      await session.signIn({ ...form.values, name: form.values.name.trim() });
      return true;
    } catch (error) {
      form.setErrors(formErrors(t, error, Object.keys(form.values)));
      return false;
    } finally {
      form.setSubmitting(false);
    }
  };
  return { form, signIn };
}
