// Runs in a page before its own scripts. Analyses audio that the page plays from a blob: saved messages.
(() => {
  const native = HTMLMediaElement.prototype.play;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.connect(context.destination);
  let file = null;

  HTMLMediaElement.prototype.play = function play() {
    if (this.src.startsWith('blob:')) {
      file = fetch(this.src).then((response) => response.arrayBuffer());
      context.resume();
      context.createMediaElementSource(this).connect(analyser);
    }
    return native.call(this);
  };

  const rms = (samples) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

  window.__messageAudio = {
    loudness() {
      const samples = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(samples);
      return rms(samples);
    },
    // Levels of the file that was played last, one per 20 ms.
    async envelope() {
      const sound = await new OfflineAudioContext(1, 1, 16_000).decodeAudioData((await file).slice(0));
      const samples = sound.getChannelData(0);
      return Array.from({ length: Math.floor(samples.length / 320) }, (_, i) => rms(samples.slice(320 * i, 320 * (i + 1))));
    },
  };
})();
