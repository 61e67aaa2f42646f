import { explanationLanguage } from "../../core/explanation-language";

/** Why a sentence was corrected. Empty `lang`: its language is unknown, and is not that of the page. */
export function Explanation({ text, className }: { text: string; className: string | undefined }) {
  return (
    <p className={className} lang={explanationLanguage(text)} dir="auto">
      {text}
    </p>
  );
}
