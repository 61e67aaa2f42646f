// Runs in a page before its own scripts. Analyses the audio that the page's peer connections receive.
(() => {
  const FLOOR_RMS = 0.01;
  const QUIET_MS = 150;
  const connections = [];
  const inputs = [];
  const received = [];
  let context = null;
  let watch = null;
  let gapWatch = null;

  const options = Object.assign({ plainMicrophone: true, relay: null }, window.__probeOptions);

  function audio() {
    context ??= new AudioContext();
    if (context.state === 'suspended') context.resume();
    return context;
  }

  function analyserOf(stream, fftSize) {
    const analyser = audio().createAnalyser();
    analyser.fftSize = fftSize;
    analyser.smoothingTimeConstant = 0;
    analyser.minDecibels = -140;
    audio().createMediaStreamSource(stream).connect(analyser);
    return analyser;
  }

  function onTrack(connection, event) {
    if (event.track.kind !== 'audio') return;
    const stream = new MediaStream([event.track]);
    // Chromium decodes a remote track only while some element consumes it.
    const element = new Audio();
    element.srcObject = stream;
    element.muted = true;
    element.play().catch(() => {});
    received.push({
      connection,
      element,
      stream,
      receiver: event.receiver,
      mid: event.transceiver.mid,
      spectrum: analyserOf(stream, 8192),
      wave: analyserOf(stream, 256),
      onset: null,
    });
  }

  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      connections.push(this);
      this.addEventListener('track', (event) => onTrack(this, event));
    }

    setRemoteDescription(description) {
      if (!options.relay || !description?.sdp) return super.setRemoteDescription(description);
      return super.setRemoteDescription({ type: description.type, sdp: viaRelay(description.sdp) });
    }
  };

  function viaRelay(sdp) {
    let candidates = 0;
    const lines = sdp.split(/\r?\n/).filter((line) => !line.startsWith('a=candidate:') || ++candidates === 1);
    return lines
      .map((line) => {
        if (!line.startsWith('a=candidate:')) return line;
        const parts = line.split(' ');
        [parts[4], parts[5]] = [options.relay.host, String(options.relay.port)];
        return parts.join(' ');
      })
      .join('\r\n');
  }

  if (navigator.mediaDevices) {
    const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      // Noise suppression removes steady tones, which the tests use as voices.
      const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      const wanted = constraints?.audio === true ? {} : constraints?.audio;
      const stream = await getUserMedia(
        options.plainMicrophone && wanted ? { ...constraints, audio: { ...wanted, ...plain } } : constraints,
      );
      if (stream.getAudioTracks().length) inputs.push({ wave: analyserOf(stream, 256), onset: null, stream });
      return stream;
    };
  }

  const live = () => received.filter((r) => r.connection.connectionState !== 'closed');

  // Level of a tone (dB) above the median of the spectrum's speech band.
  function prominence(analyser, hz) {
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const width = audio().sampleRate / analyser.fftSize;
    const at = Math.round(hz / width);
    const peak = Math.max(...bins.slice(at - 2, at + 3));
    const band = Array.from(bins.slice(Math.round(200 / width), Math.round(6000 / width))).sort((a, b) => a - b);
    const floor = band[band.length >> 1];
    return { peak, over: peak === -Infinity ? 0 : peak - Math.max(floor, -140) };
  }

  // Firefox runs no AudioContext on a machine without a sound card, but recording works.
  async function recorded({ stream }, ms) {
    const recorder = new MediaRecorder(stream);
    const parts = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    const stopped = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start();
    setTimeout(() => recorder.stop(), ms);
    await stopped;
    const bytes = await new Blob(parts).arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes);
    return sound.getChannelData(0).slice(-24_000);
  }

  // Power (dB) of one frequency, by the Goertzel algorithm.
  function power(samples, hz) {
    const step = 2 * Math.cos((2 * Math.PI * hz) / 48_000);
    let [a, b] = [0, 0];
    for (const x of samples) [a, b] = [x + step * a - b, a];
    return 10 * Math.log10((a * a + b * b - step * a * b) / (samples.length / 2) ** 2 + 1e-14);
  }

  async function recordedTones(source, wanted) {
    const samples = await recorded(source, 900);
    const band = Array.from({ length: 60 }, (_, i) => power(samples, 237 + 97 * i)).sort((x, y) => x - y);
    const floor = band[band.length >> 1];
    return wanted.filter((hz) => power(samples, hz) > -70 && power(samples, hz) - floor > 25);
  }

  function spectrumTones({ spectrum }, wanted) {
    return wanted.filter((hz) => {
      const { peak, over } = prominence(spectrum, hz);
      return peak > -70 && over > 25;
    });
  }

  // A level older than 500 ms is silence.
  function isAudible({ receiver }) {
    const now = performance.timeOrigin + performance.now();
    return receiver.getSynchronizationSources().some((s) => s.audioLevel > 0.001 && now - epoch(s.timestamp) < 500);
  }

  function isHeardNow(source) {
    const newest = source.receiver.getSynchronizationSources()[0];
    if (!newest || newest.timestamp === source.newest || !(newest.audioLevel > 0.001)) return false;
    source.newest = newest.timestamp;
    return true;
  }

  // The standard counts from timeOrigin; Chromium and Firefox have both counted from 1970 at times.
  const epoch = (timestamp) => (timestamp < 1e12 ? performance.timeOrigin + timestamp : timestamp);

  function rms(analyser) {
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
  }

  function noteOnset(source, now, onsets) {
    const loud = rms(source.wave) > FLOOR_RMS;
    const quietFor = now - (source.lastLoud ?? now);
    if (loud && (source.lastLoud === undefined ? source.started : quietFor > QUIET_MS)) onsets.push(now);
    if (loud || source.lastLoud === undefined) source.lastLoud = now;
    source.started = true;
  }

  window.__probe = {
    options,
    connections,
    // mid -> the tones of `wanted` (Hz) that are at least 25 dB above the rest of its spectrum.
    async tones(wanted) {
      const running = audio().state === 'running';
      const sources = running ? live() : live().filter(isAudible);
      const found = await Promise.all(
        sources.map(async (source) => [
          source.mid,
          running ? spectrumTones(source, wanted) : await recordedTones(source, wanted),
        ]),
      );
      return Object.fromEntries(found.filter(([, tones]) => tones.length));
    },
    prominences(hz) {
      return live().map(({ mid, spectrum }) => [mid, prominence(spectrum, hz)]);
    },
    loudness() {
      return Math.max(0, ...live().map(({ wave }) => rms(wave)));
    },
    // Times (ms since the epoch) at which sound began, at the microphone and at the output.
    watchOnsets() {
      const onsets = { input: [], output: [] };
      clearInterval(watch);
      watch = setInterval(() => {
        const now = performance.timeOrigin + performance.now();
        const last = inputs.at(-1);
        if (last) noteOnset(last, now, onsets.input);
        for (const source of live()) noteOnset(source, now, onsets.output);
      }, 4);
      window.__onsets = onsets;
    },
    onsets: () => window.__onsets,
    // The time (ms since the epoch) after which the output stayed silent for `ms`.
    async silentSince(ms, timeout) {
      const clock = () => performance.timeOrigin + performance.now();
      const start = clock();
      let lastLoud = start;
      while (clock() - lastLoud < ms) {
        if (clock() - start > timeout) return null;
        if (this.loudness() > FLOOR_RMS) lastLoud = clock();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return lastLoud;
    },
    // Records every gap of at least 100 ms without audible output, and the longest time for
    // which the page got no CPU time.
    watchGaps() {
      const clock = () => performance.timeOrigin + performance.now();
      const gaps = { done: [], since: clock(), turn: clock(), starved: 0 };
      clearInterval(gapWatch);
      gapWatch = setInterval(() => {
        const now = clock();
        gaps.starved = Math.max(gaps.starved, now - gaps.turn);
        gaps.turn = now;
        if (!live().some(isHeardNow)) return;
        if (now - gaps.since > 100) gaps.done.push([gaps.since, now]);
        gaps.since = now;
      }, 20);
      window.__gaps = gaps;
    },
    gaps() {
      const { done, since, starved } = window.__gaps;
      return { done, open: performance.timeOrigin + performance.now() - since, starved };
    },
    // Sums over the inbound streams of the newest connection that is connected.
    async inbound() {
      const connection = connections.filter((c) => c.connectionState === 'connected').at(-1);
      const sums = { packets: 0, lost: 0, concealed: 0, samples: 0, energy: 0, fec: 0, jitterMs: 0 };
      if (!connection) return sums;
      for (const stat of (await connection.getStats()).values()) {
        if (stat.type !== 'inbound-rtp' || stat.kind !== 'audio') continue;
        sums.packets += stat.packetsReceived ?? 0;
        sums.lost += stat.packetsLost ?? 0;
        sums.fec += stat.fecPacketsReceived ?? 0;
        sums.concealed += (stat.concealedSamples ?? 0) - (stat.silentConcealedSamples ?? 0);
        sums.samples += stat.totalSamplesReceived ?? 0;
        sums.energy += stat.totalAudioEnergy ?? 0;
        sums.jitterMs = Math.max(sums.jitterMs, 1000 * (stat.jitter ?? 0));
      }
      return sums;
    },
    async pathAddresses() {
      const connection = connections.filter((c) => c.connectionState !== 'closed').at(-1);
      const stats = connection ? await connection.getStats() : new Map();
      const pair = [...stats.values()].find((s) => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded');
      return pair ? { local: stats.get(pair.localCandidateId), remote: stats.get(pair.remoteCandidateId) } : null;
    },
  };
})();
