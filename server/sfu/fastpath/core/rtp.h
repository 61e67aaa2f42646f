/* RTP packets (RFC 3550 section 5.1) and the audio level in their header extension (RFC 6464, RFC 8285). */
#ifndef PARLOR_RTP_H
#define PARLOR_RTP_H

#include "bytes.h"

enum {
    RTP_HEADER = 12,
    MAX_PACKET = 1500,
    SRTP_TRAILER = 16 + 4 + 128,  /* tag, SRTCP index, MKI */
    MAX_DROPOUT = 3000,           /* a larger jump is a restart, not loss (RFC 3550 appendix A.1) */
    OPUS_PAYLOAD_TYPE = 111,
    RED_PAYLOAD_TYPE = 63,
    AUDIO_LEVEL_EXTENSION_ID = 1,
};

/* A decrypted packet. `extension` is the whole block with its 4-byte header, or empty; `payload` has no padding.
 * Both point into the packet that was parsed and lie within it. */
struct rtp_packet {
    uint8_t payload_type;
    bool marker;
    uint16_t sequence;
    uint32_t timestamp;
    const uint8_t *extension, *payload;
    size_t extension_size, payload_size;
};

/* False: malformed, or without a payload. */
bool rtp_parse(const uint8_t *data, size_t size, struct rtp_packet *packet);

/* 0 (loudest) to 127 (silence), in -dBov; -1 if the block does not carry it. */
int rtp_audio_level(const uint8_t *extension, size_t size, unsigned id);

#endif
