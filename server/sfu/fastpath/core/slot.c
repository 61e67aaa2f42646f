#include "slot.h"

#include <math.h>

enum { PLAIN = 0x81, WITH_EXTENSION = 0x91 }; /* version 2, one CSRC */

static void join_list(struct slot *slot, struct peer *publisher)
{
    struct publisher *source = &publisher->publisher;
    slot->publisher = publisher;
    slot->next = NULL;
    slot->previous = source->last_slot;
    *(source->last_slot ? &source->last_slot->next : &source->first_slot) = slot;
    source->last_slot = slot;
}

static void leave_list(struct slot *slot)
{
    struct publisher *source = &slot->publisher->publisher;
    *(slot->previous ? &slot->previous->next : &source->first_slot) = slot->next;
    *(slot->next ? &slot->next->previous : &source->last_slot) = slot->previous;
    slot->publisher = NULL;
}

static bool encrypt(const struct core *core, const struct slot *slot, uint8_t *datagram, size_t header, int64_t sequence,
    int *size)
{
    const struct peer *subscriber = slot->subscriber;
    if (!subscriber->seal.context)
        return core->srtp.protect(subscriber->tx, datagram, size) == SRTP_OK;
    int64_t index = sequence - slot->first_index;
    return index >= 0 && seal_rtp(&core->gcm, &subscriber->seal, datagram, header, (uint64_t)index, size);
}

/* Everything after the fixed header is in place, the payload from `payload_at`: write the header, encrypt, send. */
static void send(struct core *core, struct slot *slot, uint8_t *datagram, uint8_t first, uint8_t second,
    struct numbers numbers, size_t payload_at, size_t tail)
{
    int size = (int)(RTP_HEADER + tail);
    if (size > MAX_PACKET) {
        core_drop(core, DROP_PROTECT);
        return;
    }
    datagram[0] = first;
    datagram[1] = second;
    put16(datagram + 2, (uint16_t)numbers.sequence);
    put32(datagram + 4, numbers.timestamp);
    put32(datagram + 8, slot->ssrc);
    if (!encrypt(core, slot, datagram, RTP_HEADER + payload_at, numbers.sequence, &size)) {
        core_drop(core, DROP_PROTECT);
        return;
    }
    core_count_out(core, 1, (size_t)size);
    outbox_commit(core->outbox, (size_t)size, &slot->subscriber->destination);
}

static void transmit(struct core *core, struct slot *slot, struct history *history, struct packet *packet,
    const struct mapping *mapping, struct numbers numbers)
{
    bool first = packet->sequence == mapping->first;
    uint8_t *datagram = outbox_reserve(core->outbox);
    uint8_t type = OPUS_PAYLOAD_TYPE;
    size_t size = packet->size;
    if (mapping->red) {
        uint8_t tail[MAX_TAIL + RED_MAX_LENGTH + 5];
        size = history_write_red(history, packet, first, tail);
        type = RED_PAYLOAD_TYPE;
        if (size)
            memcpy(datagram + RTP_HEADER, tail, size < MAX_PACKET ? size : MAX_PACKET);
    } else {
        const uint8_t *bytes = history_bytes(history, packet);
        if (bytes)
            memcpy(datagram + RTP_HEADER, bytes, size);
        else
            size = 0;
    }
    if (!size)
        return;
    slot->packets++;
    slot->octets += (uint32_t)(size - packet->payload_at);
    if (!peer_is_ready(slot->subscriber)) {
        core_drop(core, DROP_NO_DESTINATION);
        return;
    }
    uint8_t marker = packet->marker || first ? 0x80 : 0;
    uint8_t first_byte = packet->has_extension ? WITH_EXTENSION : PLAIN;
    send(core, slot, datagram, first_byte, type | marker, numbers, packet->payload_at, size);
}

void slot_forward(struct core *core, struct slot *slot, struct packet *packet, double now)
{
    struct rewriter *rewriter = &slot->rewriter;
    struct peer *subscriber = slot->subscriber, *publisher = slot->publisher;
    if (!rewriter->current.source) {
        if (!peer_is_ready(subscriber)) {
            core_drop(core, DROP_NO_DESTINATION);
            return;
        }
        rewriter_begin(
            rewriter, publisher->id, packet->sequence, packet->timestamp, now, subscriber->wants_red);
    }
    struct numbers numbers;
    if (!rewriter_rewrite(rewriter, packet->sequence, packet->timestamp, now, &numbers)) {
        core_drop(core, DROP_OLD);
        return;
    }
    transmit(core, slot, &publisher->publisher.history, packet, &rewriter->current, numbers);
}

void slot_retransmit(struct core *core, struct slot *slot, uint16_t outgoing)
{
    int64_t sequence;
    const struct mapping *mapping = rewriter_locate(&slot->rewriter, outgoing, &sequence);
    struct peer *publisher = mapping ? core_find_source(core, mapping->source) : NULL;
    if (!publisher)
        return;
    struct packet *packet = history_get(&publisher->publisher.history, sequence);
    if (!packet)
        return;
    struct numbers numbers = {
        sequence + mapping->sequence_offset, (uint32_t)(packet->timestamp + mapping->timestamp_offset)};
    transmit(core, slot, &publisher->publisher.history, packet, mapping, numbers);
}

static void finish(struct core *core, struct slot *slot, const uint8_t csrc[4], double now)
{
    if (!slot->rewriter.current.source || now - slot->rewriter.top_time > FLOWING_SECONDS)
        return;
    for (int i = 0; i < SILENCE_FRAMES; i++) {
        struct numbers numbers = rewriter_append(&slot->rewriter);
        slot->packets++;
        slot->octets += SILENCE_SIZE;
        if (!peer_is_ready(slot->subscriber)) {
            core_drop(core, DROP_NO_DESTINATION);
            continue;
        }
        uint8_t *datagram = outbox_reserve(core->outbox);
        memcpy(datagram + RTP_HEADER, csrc, 4);
        memcpy(datagram + RTP_HEADER + 4, SILENCE_BYTES, SILENCE_SIZE);
        send(core, slot, datagram, PLAIN, OPUS_PAYLOAD_TYPE, numbers, 4, 4 + SILENCE_SIZE);
    }
}

void slot_carry(struct core *core, struct slot *slot, struct peer *publisher, double now)
{
    struct peer *leaving = slot->publisher;
    if (publisher == leaving)
        return;
    if (leaving) {
        leave_list(slot);
        if (!publisher)
            finish(core, slot, leaving->publisher.csrc, now);
    }
    if (publisher)
        join_list(slot, publisher);
    slot->reported_at = -INFINITY;
    rewriter_interrupt(&slot->rewriter);
}

uint32_t slot_timestamp_at(const struct slot *slot, double now)
{
    const struct rewriter *rewriter = &slot->rewriter;
    return (uint32_t)(rewriter->top_timestamp + llrint((now - rewriter->top_time) * rewriter->clock_rate));
}

bool slot_is_reported(const struct slot *slot, double now) { return now - slot->reported_at < REPORT_VALID_SECONDS; }

double slot_loss(const struct slot *slot, double now) { return slot_is_reported(slot, now) ? slot->loss : 0; }
