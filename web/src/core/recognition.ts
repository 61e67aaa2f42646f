import { createStore } from "zustand/vanilla";

/** The part of the Web Speech API that is used. TypeScript's DOM library does not declare it. */
interface SpeechRecognitionLike {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: RecognitionResultEvent) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  /** Ends recognition after a last result for what was said. */
  stop(): void;
  abort(): void;
}

interface RecognitionResultEvent {
  resultIndex: number;
  results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>;
}

export type RecognitionMaker = (() => SpeechRecognitionLike) | null;

/** `refused`: the browser does not allow it. `failed`: the browser cannot recognize now, or not this language. */
export type RecognitionStatus = "off" | "on" | "refused" | "failed";

export function hasFailed(status: RecognitionStatus): status is "refused" | "failed" {
  return status === "refused" || status === "failed";
}

const RESTART_MS = 250;
const FAILURES: Record<string, RecognitionStatus> = {
  "not-allowed": "refused",
  "service-not-allowed": "refused",
  network: "failed",
  "audio-capture": "failed",
  "language-not-supported": "failed",
};

/**
 * The browser's own speech recognition, for languages that the tutor's engine does not recognize. Some browsers send
 * the audio to their vendor, so it runs only for people who chose it. Browsers end it after some time or a pause; it
 * is restarted until `stop`.
 */
export class Recognition {
  /** `isChosen`: the person turned it on. It is `off` while they are muted. */
  readonly store = createStore<{ status: RecognitionStatus; isChosen: boolean }>(() => ({
    status: "off",
    isChosen: false,
  }));
  private current: SpeechRecognitionLike | null = null;
  private restart: ReturnType<typeof setTimeout> | null = null;
  /** Null while stopped. */
  private language: string | null = null;

  constructor(
    private readonly make: RecognitionMaker,
    private readonly onText: (text: string, isFinal: boolean) => void,
  ) {}

  get isSupported(): boolean {
    return this.make !== null;
  }

  choose(isChosen: boolean): void {
    this.store.setState({ isChosen });
  }

  start(language: string): void {
    if (!this.make) return;
    this.stop();
    this.current?.abort();
    this.language = language;
    this.listen(this.make, language);
    this.store.setState({ status: "on" });
  }

  /** Words that were said before are still reported. The status of a failure is kept until the next start. */
  stop(): void {
    if (this.restart !== null) clearTimeout(this.restart);
    this.restart = null;
    this.language = null;
    this.current?.stop();
    if (this.store.getState().status === "on") this.store.setState({ status: "off" });
  }

  private listen(make: () => SpeechRecognitionLike, language: string): void {
    const recognition = make();
    this.current = recognition;
    recognition.lang = language;
    recognition.continuous = true;
    recognition.interimResults = true;
    recognition.onresult = (event) => this.current === recognition && this.report(event);
    recognition.onerror = ({ error }) => {
      const status = FAILURES[error];
      if (!status || this.current !== recognition) return;
      this.language = null;
      this.store.setState({ status, isChosen: false });
    };
    recognition.onend = () => {
      if (this.current !== recognition) return;
      this.current = null;
      if (this.language === language)
        this.restart = setTimeout(() => this.listen(make, language), RESTART_MS);
    };
    recognition.start();
  }

  private report({ results, resultIndex }: RecognitionResultEvent): void {
    for (let index = resultIndex; index < results.length; index += 1) {
      const result = results[index];
      const text = result?.[0]?.transcript.trim();
      if (result && text) this.onText(text, result.isFinal);
    }
  }
}

/** Makes this browser's recognition; null if it has none. */
export function browserRecognition(scope: object = window): RecognitionMaker {
  const { SpeechRecognition, webkitSpeechRecognition } = scope as Record<
    string,
    (new () => SpeechRecognitionLike) | undefined
  >;
  const Found = SpeechRecognition ?? webkitSpeechRecognition;
  return Found ? () => new Found() : null;
}
