// Runs in a page before its own scripts: a microphone that says what the test gives it, when the test wants it.
// Chromium's fake microphone plays one file from its start, whatever the page does.
(() => {
  const context = new AudioContext({ sampleRate: 48_000 });
  const mouth = context.createMediaStreamDestination();
  let speaking = null;

  navigator.mediaDevices.getUserMedia = async () => {
    await context.resume();
    return mouth.stream.clone();
  };

  window.__mouth = {
    // A WAV file in base64; resolves once it was said.
    async say(wav) {
      const bytes = Uint8Array.from(atob(wav), (letter) => letter.charCodeAt(0));
      speaking = context.createBufferSource();
      speaking.buffer = await context.decodeAudioData(bytes.buffer);
      speaking.connect(mouth);
      const ended = new Promise((resolve) => {
        speaking.onended = resolve;
      });
      speaking.start();
      await ended;
    },
  };
})();
