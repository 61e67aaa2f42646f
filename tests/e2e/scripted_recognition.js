// Runs in a page before its own scripts: replaces the browser's speech recognition by results from the test.
// Headless Chromium has the interface but no service behind it.
(() => {
  const LAST_WORDS_MS = 300;
  let running = null;
  let starts = 0;

  class ScriptedRecognition {
    start() {
      starts += 1;
      running = this;
    }

    // As in browsers: the last result comes a moment later, then the end.
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
  window.__recognition = {
    starts: () => starts,
    // The language of the running recognition; null if stopped.
    language: () => running?.lang ?? null,
    recognize: (text, isFinal) => running.tell(text, isFinal),
    fails(error) {
      const failed = running;
      failed.onerror?.({ error });
      failed.end();
    },
  };
})();
