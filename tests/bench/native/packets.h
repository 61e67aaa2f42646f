/* Shared by the load generator and the floor: time, packets like a browser's, SRTP by address. */
#ifndef PACKETS_H
#define PACKETS_H

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

enum { MAX_FRAME = 256, MAX_FRAMES = 128, MAX_DATAGRAM = 512, STAMP_BYTES = 8, FRAME_SAMPLES = 960 };
enum { SILENT = 0, TALKS = 1, DTX = 2 };

#define FRAME_NS 20000000ull
#define DTX_FRAMES 20 /* Opus sends one packet in 400 ms of DTX */

/* srtp_protect and its kin, by the addresses that pylibsrtp's binding gives (libsrtp 2). */
typedef int (*srtp_call)(void *session, void *packet, int *length);

/* Opus frames that end with space for a time stamp, which decoders skip. The last one is DTX's silence. */
struct clip {
    int32_t frames;
    int32_t sizes[MAX_FRAMES];
    int32_t levels[MAX_FRAMES]; /* -dBov, RFC 6464 */
    uint8_t bytes[MAX_FRAMES][MAX_FRAME];
};

struct numbering {
    uint32_t ssrc;
    uint32_t timestamp;
    uint16_t sequence;
};

static inline uint64_t clock_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline void sleep_until(uint64_t at_ns) {
    struct timespec t = {.tv_sec = (time_t)(at_ns / 1000000000u), .tv_nsec = (long)(at_ns % 1000000000u)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0);
}

/* The n-th publisher's phase within 20 ms: spread by the golden ratio, the same in every run. */
static inline uint64_t phase_ns(uint32_t n) { return (uint64_t)(n * 2654435769u) * FRAME_NS >> 32; }

static inline void put16(uint8_t *to, uint16_t v) { to[0] = (uint8_t)(v >> 8); to[1] = (uint8_t)v; }
static inline void put32(uint8_t *to, uint32_t v) { put16(to, (uint16_t)(v >> 16)); put16(to + 2, (uint16_t)v); }
static inline void put64(uint8_t *to, uint64_t v) { put32(to, (uint32_t)(v >> 32)); put32(to + 4, (uint32_t)v); }
static inline uint16_t get16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }
static inline uint32_t get32(const uint8_t *at) { return (uint32_t)get16(at) << 16 | get16(at + 2); }
static inline uint64_t get64(const uint8_t *at) { return (uint64_t)get32(at) << 32 | get32(at + 4); }

/* RTP with the audio level (extension 0: without) and the time it was sent. Returns its length. */
static inline int write_rtp(uint8_t *to, const struct numbering *n, uint8_t payload_type, uint8_t extension,
                            const struct clip *clip, int frame) {
    uint8_t *at = to;
    int32_t size = clip->sizes[frame], level = clip->levels[frame];
    *at++ = extension ? 0x90 : 0x80;
    *at++ = payload_type;
    put16(at, n->sequence);
    put32(at + 2, n->timestamp);
    put32(at + 6, n->ssrc);
    at += 10;
    if (extension) {
        put32(at, 0xBEDE0001u);
        at[4] = (uint8_t)(extension << 4);
        at[5] = (uint8_t)((level < 50 ? 0x80 : 0) | level);
        put16(at + 6, 0);
        at += 8;
    }
    memcpy(at, clip->bytes[frame], (size_t)size);
    at += size;
    put64(at - STAMP_BYTES, clock_ns(CLOCK_REALTIME));
    return (int)(at - to);
}

#endif
