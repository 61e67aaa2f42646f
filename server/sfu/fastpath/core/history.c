#include "history.h"

#include <stdlib.h>
#include <string.h>

#include "red.h"
#include "rtp.h"

_Static_assert((HISTORY_SIZE & (HISTORY_SIZE - 1)) == 0, "indexed by mask");
_Static_assert((HISTORY_BYTES & (HISTORY_BYTES - 1)) == 0, "indexed by mask");
_Static_assert(HISTORY_BYTES > 16 * MAX_TAIL, "the packets of one datagram do not push each other out");

bool history_init(struct history *history)
{
    *history = (struct history){.top = -1, .arena = malloc(HISTORY_BYTES)};
    return history->arena != NULL;
}

void history_free(struct history *history) { free(history->arena); }

static struct packet *entry(struct history *history, int64_t sequence)
{
    return &history->ring[(uint64_t)sequence & (HISTORY_SIZE - 1)];
}

struct packet *history_get(struct history *history, int64_t sequence)
{
    struct packet *found = entry(history, sequence);
    return found->is_used && found->sequence == sequence ? found : NULL;
}

/* Reserves `size` contiguous bytes; the rest at the arena's end is skipped if it is too short. */
static uint64_t allot(struct history *history, size_t size)
{
    size_t at = history->written & (HISTORY_BYTES - 1);
    if (at + size > HISTORY_BYTES)
        history->written += HISTORY_BYTES - at;
    uint64_t stored_at = history->written;
    history->written += size;
    return stored_at;
}

struct packet *history_add(struct history *history, int64_t sequence, int64_t timestamp, bool marker,
    const uint8_t csrc[4], struct span extension, struct span payload)
{
    if (sequence <= history->top - HISTORY_SIZE || history_get(history, sequence))
        return NULL;
    size_t payload_at = 4 + extension.size, size = payload_at + payload.size;
    uint64_t stored_at = allot(history, size);
    uint8_t *to = history->arena + (stored_at & (HISTORY_BYTES - 1));
    memcpy(to, csrc, 4);
    memcpy(to + 4, extension.bytes, extension.size);
    memcpy(to + payload_at, payload.bytes, payload.size);
    struct packet *packet = entry(history, sequence);
    *packet = (struct packet){
        .sequence = sequence,
        .timestamp = timestamp,
        .stored_at = stored_at,
        .size = (uint16_t)size,
        .payload_at = (uint16_t)payload_at,
        .marker = marker,
        .has_extension = extension.size > 0,
        .is_used = true,
        .red_form = RED_UNDECIDED,
    };
    if (sequence > history->top)
        history->top = sequence;
    return packet;
}

const uint8_t *history_bytes(const struct history *history, const struct packet *packet)
{
    if (history->written - packet->stored_at > HISTORY_BYTES)
        return NULL;
    return history->arena + (packet->stored_at & (HISTORY_BYTES - 1));
}

static const uint8_t *predecessor(struct history *history, struct packet *packet, struct packet **found)
{
    *found = history_get(history, packet->sequence - 1);
    if (!*found)
        return NULL;
    const uint8_t *bytes = history_bytes(history, *found);
    int64_t offset = packet->timestamp - (*found)->timestamp;
    return bytes && red_expresses(offset, (size_t)((*found)->size - (*found)->payload_at)) ? bytes : NULL;
}

size_t history_write_red(struct history *history, struct packet *packet, bool alone, uint8_t *to)
{
    const uint8_t *bytes = history_bytes(history, packet), *older = NULL;
    struct packet *previous = NULL;
    if (!bytes)
        return 0;
    if (!alone && packet->red_form != RED_ALONE)
        older = predecessor(history, packet, &previous);
    if (!alone && packet->red_form == RED_UNDECIDED)
        packet->red_form = older ? RED_WITH_PREDECESSOR : RED_ALONE;
    if (!alone && packet->red_form == RED_WITH_PREDECESSOR && !older)
        return 0;
    size_t redundant = older ? (size_t)(previous->size - previous->payload_at) : 0;
    uint32_t offset = older ? (uint32_t)(packet->timestamp - previous->timestamp) : 0;
    size_t at = packet->payload_at;
    memcpy(to, bytes, at);
    at += red_write_header(to + at, OPUS_PAYLOAD_TYPE, offset, redundant);
    if (older)
        memcpy(to + at, older + previous->payload_at, redundant);
    at += redundant;
    memcpy(to + at, bytes + packet->payload_at, (size_t)(packet->size - packet->payload_at));
    return at + (size_t)(packet->size - packet->payload_at);
}
