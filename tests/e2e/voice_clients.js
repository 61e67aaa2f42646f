// The clients of the four voice protocols, as they capture and play sound in a browser. Each says one thing, waits for
// the whole answer, and returns the kinds of the messages in order and the seconds of sound that the browser decoded.
window.voiceClients = (() => {
  const HZ = 16_000;

  function opened(path) {
    const url = new URL(path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    const kinds = [];
    const binary = [];
    const messages = [];
    let look = () => {};
    socket.onmessage = ({ data }) => {
      const message = typeof data === "string" ? JSON.parse(data) : { type: "binary", data };
      if (message.type === "binary") binary.push(data);
      messages.push(message);
      kinds.push(message.event && !message.type ? message.event : message.type);
      look();
    };
    const until = (kind) =>
      new Promise((resolve) => {
        look = () => kinds.includes(kind) && resolve(messages[kinds.lastIndexOf(kind)]);
        look();
      });
    const open = new Promise((resolve) => {
      socket.onopen = resolve;
    });
    const say = (message) => socket.send(JSON.stringify(message));
    return { socket, kinds, binary, messages, until, open, say };
  }

  /** A second of a loud tone, then silence, as from a microphone. */
  function voice(context) {
    const tone = new OscillatorNode(context, { frequency: 300 });
    const gain = new GainNode(context, { gain: 0.8 });
    tone.connect(gain);
    tone.start();
    gain.gain.setValueAtTime(0, context.currentTime + 1);
    return gain;
  }

  function int16(floats) {
    return Int16Array.from(floats, (sample) => Math.max(-1, Math.min(1, sample)) * 32767);
  }

  function base64(bytes) {
    let text = "";
    for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
    return btoa(text);
  }

  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;

  async function secondsOf(bytes) {
    return (await new AudioContext().decodeAudioData(bytes)).duration;
  }

  async function whole(parts) {
    return await new Blob(parts).arrayBuffer();
  }

  /** `onChunk` gets Int16Array of `size` samples. */
  async function worklet(context, source, size, onChunk) {
    const code = `registerProcessor("chunks", class extends AudioWorkletProcessor {
      constructor() { super(); this.rest = []; }
      process([[samples]]) {
        if (samples) this.rest.push(...samples);
        while (this.rest.length >= ${size}) this.port.postMessage(this.rest.splice(0, ${size}));
        return true;
      }
    });`;
    const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    await context.audioWorklet.addModule(url);
    const node = new AudioWorkletNode(context, "chunks");
    node.port.onmessage = ({ data }) => onChunk(int16(data));
    source().connect(node).connect(new GainNode(context, { gain: 0 })).connect(context.destination);
  }

  /** A whole recording of MediaRecorder, WebM under the name of WAV. */
  async function tutor() {
    const { say, open, until, kinds } = opened("/api/ws/voice");
    await open;
    say({ action: "init", thread_id: crypto.randomUUID(), audio_format: "wav" });
    await until("initialized");
    const context = new AudioContext();
    const target = context.createMediaStreamDestination();
    voice(context).connect(target);
    const recorder = new MediaRecorder(target.stream);
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const stopped = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.stop();
    await stopped;
    say({ action: "audio", data: base64(await whole(parts)) });
    const answer = await until("tts_complete");
    await until("done");
    return { kinds, seconds: await secondsOf(bytesOf(answer.audio)), recorded: recorder.mimeType };
  }

  /** PCM of a ScriptProcessor in base64. */
  async function klass() {
    const { say, open, until, kinds, messages } = opened("/ws/class");
    await open;
    say({ type: "stt_stream_start", language: "en-US", sample_rate: HZ });
    await until("stt_ready");
    const context = new AudioContext({ sampleRate: HZ });
    const processor = context.createScriptProcessor(4096, 1, 1);
    processor.onaudioprocess = ({ inputBuffer }) =>
      say({ type: "stt_audio_chunk", audio: base64(int16(inputBuffer.getChannelData(0)).buffer) });
    voice(context).connect(processor).connect(context.destination);
    await until("audio_generation_complete");
    const chunks = messages.filter(({ type }) => type === "audio_chunk");
    const seconds = await Promise.all(chunks.map((chunk) => secondsOf(bytesOf(chunk.audio_data))));
    return { kinds, seconds: seconds.reduce((sum, one) => sum + one, 0) };
  }

  /** PCM of an AudioWorklet in binary, 4096 samples at a time; an MP3 stream comes back. */
  async function flux() {
    const { socket, until, open, kinds, binary } = opened("/v2/flux/in-a-page");
    await open;
    const context = new AudioContext({ sampleRate: HZ });
    await worklet(context, () => voice(context), 4096, (pcm) => {
      if (socket.bufferedAmount <= 128 << 10) socket.send(pcm);
    });
    await until("AudioEnd");
    return { kinds, seconds: await secondsOf(await whole(binary)) };
  }

  /** PCM of an AudioWorklet in binary, 512 samples at a time, until the button is released; PCM comes back. */
  async function coach() {
    const { socket, say, until, open, kinds, binary } = opened("/session?session=in-a-page&language=en");
    await open;
    const context = new AudioContext({ sampleRate: HZ });
    await worklet(context, () => voice(context), 512, (pcm) => socket.send(pcm));
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await context.close();
    say({ type: "end_turn" });
    await until("audio_end");
    const samples = new Int16Array(await whole(binary));
    return { kinds, seconds: samples.length / HZ };
  }

  return { tutor, klass, flux, coach };
})();
