// Runs in a page before its own scripts: a microphone that plays the audio that the test gives it, at any time.
// Chromium's fake microphone plays one file from the start of the process.
(() => {
  const context = new AudioContext({ sampleRate: 48_000 });
  const mouth = context.createMediaStreamDestination();
  let speaking = null;

  navigator.mediaDevices.getUserMedia = async () => {
    await context.resume();
    return mouth.stream.clone();
  };

  window.__microphone = {
    // Plays a WAV file in base64. Resolves when it has ended.
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
