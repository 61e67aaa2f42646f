/* The RTCP packets that audio needs, read and written (RFC 3550 section 6, RFC 4585). */
#ifndef PARLOR_RTCP_H
#define PARLOR_RTCP_H

#include "bytes.h"

enum {
    RTCP_SENDER_REPORT = 200,
    RTCP_RECEIVER_REPORT = 201,
    RTCP_SOURCE_DESCRIPTION = 202,
    RTCP_FEEDBACK = 205,
    GENERIC_NACK = 1,
    MAX_NACKED = 512, /* sequence numbers read of one compound packet, so that a client cannot make us look for more */
    REPORT_BLOCK = 24,
};

#define CNAME "parlor"

/* RFC 3550 section 6.4.1. `fraction_lost` in 1/256; `jitter` in RTP ticks; the last two in 1/65536 s. */
struct report_block {
    uint32_t ssrc;
    uint8_t fraction_lost;
    int32_t cumulative_lost;
    uint32_t highest_sequence, jitter, last_sender_report, delay_since;
};

/* One packet of a compound. `body` follows its 4-byte header. */
struct rtcp_packet {
    uint8_t count, type;
    const uint8_t *body;
    size_t size;
};

/* The packet at `*at`, which moves past it. Call while `*at < size`, if `rtcp_is_well_formed`. */
struct rtcp_packet rtcp_next(const uint8_t *data, size_t *at);

/* Whether a whole compound can be read: lengths, report blocks and NACK lists. */
bool rtcp_is_well_formed(const uint8_t *data, size_t size);

/* Block `index` of a well-formed report. */
struct report_block rtcp_block(const struct rtcp_packet *report, unsigned index);

/* The next sequence number in a well-formed NACK, false after the last. Start with a zeroed cursor. */
struct nack_cursor {
    size_t at;
    unsigned bit;
};
bool rtcp_next_nacked(const struct rtcp_packet *nack, struct nack_cursor *cursor, uint16_t *sequence);

/* Writers return the number of bytes written. `block` NULL: none. */
size_t rtcp_write_receiver_report(uint8_t *to, uint32_t ssrc, const struct report_block *block);
/* `timestamp` is the RTP timestamp of `now`. */
size_t rtcp_write_sender_report(uint8_t *to, uint32_t ssrc, double now, uint32_t timestamp, uint32_t packets,
    uint32_t octets, const struct report_block *block);
/* 20 bytes: our CNAME, for one source. */
size_t rtcp_write_source_description(uint8_t *to, uint32_t ssrc);
/* At most 12 + 4 * count bytes. */
size_t rtcp_write_nack(uint8_t *to, uint32_t sender, uint32_t source, const uint16_t *sequences, unsigned count);

/* Middle 32 bits of the NTP time of the monotonic clock, in 1/65536 s: receivers only take differences of it. */
uint32_t rtcp_ntp_middle(double now);

/* Seconds, from the echo of our own sender report (RFC 3550 section 6.4.1); negative if there is none. */
double rtcp_round_trip(const struct report_block *block, double now);

#endif
