// Runs in an AudioWorklet: passes the samples of its input on, 1,024 at a time. `pcm-capture.ts` loads it.
const LENGTH = 1024;

class PcmCapture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Float32Array(LENGTH);
    this.used = 0;
  }

  process([input]) {
    const channel = input?.[0];
    if (!channel) return true;
    this.samples.set(channel, this.used);
    this.used += channel.length;
    if (this.used < LENGTH) return true;
    this.port.postMessage(this.samples, [this.samples.buffer]);
    this.samples = new Float32Array(LENGTH);
    this.used = 0;
    return true;
  }
}

registerProcessor("pcm-capture", PcmCapture);
