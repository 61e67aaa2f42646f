/** Speaks a text with a voice of this browser. Does nothing where it has none: see `canSpeak`. */
export function speak(text: string, language: string): void {
  if (!canSpeak()) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language;
  utterance.rate = 0.9;
  // Without this, a second click would wait for the end of the first.
  speechSynthesis.cancel();
  speechSynthesis.speak(utterance);
}

/** Speaks a text after those that are being spoken, more quietly than people do. */
export function speakNext(text: string, language: string): void {
  if (!canSpeak()) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language;
  utterance.volume = 0.7;
  speechSynthesis.speak(utterance);
}

export function stopSpeaking(): void {
  if (canSpeak()) speechSynthesis.cancel();
}

export function canSpeak(): boolean {
  return "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
}

/** Equal but for case, punctuation and spaces between words, as the server compares answers. */
export function isSameSentence(heard: string, expected: string): boolean {
  const plain = (text: string) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]/gu, "");
  return plain(heard) === plain(expected) && plain(expected) !== "";
}
