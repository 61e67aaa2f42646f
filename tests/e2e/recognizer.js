// Runs in a page before its own scripts: the browser's speech recognition, which understands what the test says.
// Headless Chromium has the interface, and no service behind it.
(() => {
  const LAST_WORDS_MS = 300;
  let running = null;
  let starts = 0;

  class ScriptedRecognition {
    start() {
      starts += 1;
      running = this;
    }

    // As browsers do: the last words come a moment later, then the end.
    stop() {
      setTimeout(() => {
        if (this.partial) this.tell(this.partial, true);
        this.end();
      }, LAST_WORDS_MS);
    }

    abort() {
      this.end();
    }

    end() {
      if (running === this) running = null;
      this.onend?.();
    }

    tell(transcript, isFinal) {
      this.partial = isFinal ? '' : transcript;
      this.onresult?.({ resultIndex: 0, results: [Object.assign([{ transcript }], { isFinal })] });
    }
  }

  window.SpeechRecognition = ScriptedRecognition;
  window.webkitSpeechRecognition = ScriptedRecognition;
  window.__recognizer = {
    starts: () => starts,
    // The language it listens for, null while it does not.
    language: () => running?.lang ?? null,
    hears: (text, isFinal) => running.tell(text, isFinal),
    fails(error) {
      const failed = running;
      failed.onerror?.({ error });
      failed.end();
    },
  };
})();
