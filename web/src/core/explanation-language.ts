const VIETNAMESE = /[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]/iu;
const LATIN = /^[\p{ASCII}\p{P}\p{S}\s]*$/u;
/** An English explanation may quote some Vietnamese words. */
const SHARE = 0.25;

/** Language tag of an explanation, which its writer chose: the learner's own language or English. Empty: unknown. */
export function explanationLanguage(text: string): "vi" | "en" | "" {
  const words = text.normalize("NFC").split(/\s+/).filter(Boolean);
  const vietnamese = words.filter((word) => VIETNAMESE.test(word)).length;
  if (vietnamese > 0) return vietnamese >= SHARE * words.length ? "vi" : "en";
  return LATIN.test(text) ? "en" : "";
}
