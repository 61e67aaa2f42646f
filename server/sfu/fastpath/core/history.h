/* The last packets of a publisher, kept once for all slots that carry it. The history answers
 * subscribers' NACKs, finds duplicates and supplies RED's redundancy.
 *
 * Invariants:
 * - an entry of the ring names one packet, and is replaced only by a number 128 higher;
 * - the bytes of an entry exist while `history_bytes` finds them: the arena is a ring too, and big packets overwrite
 *   older bytes sooner. An entry without bytes still holds its number. */
#ifndef PARLOR_HISTORY_H
#define PARLOR_HISTORY_H

#include "bytes.h"

enum {
    HISTORY_SIZE = 128,       /* 2.5 s of 20 ms packets; under libsrtp's window of 256 */
    HISTORY_BYTES = 32 << 10, /* 256 bytes for each */
    MAX_TAIL = 1600,
};

enum red_form { RED_UNDECIDED, RED_ALONE, RED_WITH_PREDECESSOR };

/* A packet ready for every slot: only sequence number, timestamp and SSRC are missing. The bytes are everything after
 * the fixed header: one CSRC, the header extension, and the payload, which begins at `payload_at`. `red_form` is
 * decided when first needed: what was sent once under a number must be sent the same again. */
struct packet {
    int64_t sequence, timestamp;
    uint64_t stored_at;
    uint16_t size, payload_at;
    bool marker, has_extension, is_used;
    uint8_t red_form;
};

struct history {
    int64_t top;
    uint64_t written;
    struct packet ring[HISTORY_SIZE];
    uint8_t *arena; /* HISTORY_BYTES; untouched until there is a packet to keep */
};

struct span {
    const uint8_t *bytes;
    size_t size;
};

/* False: no memory. */
bool history_init(struct history *history);
void history_free(struct history *history);

/* NULL if the number is taken, or too old to know. All spans together are at most MAX_TAIL bytes. */
struct packet *history_add(struct history *history, int64_t sequence, int64_t timestamp, bool marker,
    const uint8_t csrc[4], struct span extension, struct span payload);

struct packet *history_get(struct history *history, int64_t sequence);

/* NULL if the bytes have been overwritten. */
const uint8_t *history_bytes(const struct history *history, const struct packet *packet);

/* Writes CSRC, extension and the payload as RED, `alone` without its predecessor's payload. At most
 * MAX_TAIL + RED_MAX_LENGTH + 5 bytes. Returns the number of bytes, 0 if the packet cannot be rebuilt as it was sent. */
size_t history_write_red(struct history *history, struct packet *packet, bool alone, uint8_t *to);

#endif
