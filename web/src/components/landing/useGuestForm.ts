import { useTranslation } from "react-i18next";
import { useSession, useSettings } from "../../hooks";
import { formErrors } from "../common/form-errors";
import { useProfileForm } from "../common/profile-form";

/** Form state of `GuestFields`. `signIn` resolves to whether the person is signed in; if not, the form says why. */
export function useGuestForm() {
  const { t, i18n } = useTranslation();
  const session = useSession();
  const { practiceLanguage: remembered, setPracticeLanguage } = useSettings();
  const form = useProfileForm({
    name: "",
    // Everybody meets the page in English first; another language of it is the person's own. They can change it here.
    nativeLanguage: i18n.language === "en" ? null : i18n.language,
    practiceLanguage: remembered,
    learningLevel: null,
    country: null,
  });
  const signIn = async (): Promise<boolean> => {
    if (form.validate().hasErrors) return false;
    form.setSubmitting(true);
    try {
      const { practiceLanguage, ...guest } = form.values;
      const practises = practiceLanguage ? [practiceLanguage] : [];
      await session.signIn({ ...guest, name: guest.name.trim(), practises });
      setPracticeLanguage(practiceLanguage);
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
