#include "publisher.h"

enum { DTX_BYTES = 10 };

void publisher_interrupt(struct publisher *publisher)
{
    timeline_interrupt(&publisher->timeline);
    nack_restart(&publisher->nack);
    reception_restart(&publisher->reception);
}

void publisher_set_answer(struct publisher *publisher, const struct answer *answer)
{
    bool same = publisher->answer.has_ssrc == answer->has_ssrc && publisher->answer.ssrc == answer->ssrc;
    publisher->answer = *answer;
    if (!same)
        publisher_interrupt(publisher);
}

enum drop publisher_refuses(const struct publisher *publisher, const uint8_t *datagram)
{
    const struct answer *answer = &publisher->answer;
    if (!answer->has_ssrc || get32(datagram + 8) != answer->ssrc)
        return DROP_SSRC;
    uint8_t type = datagram[1] & 0x7F;
    return type == answer->opus_payload_type || type == answer->red_payload_type ? DROP_NONE : DROP_PAYLOAD_TYPE;
}

static int level_of(const struct publisher *publisher, const struct rtp_packet *packet, size_t payload_size)
{
    int level = -1;
    if (publisher->answer.has_levels)
        level = rtp_audio_level(packet->extension, packet->extension_size, AUDIO_LEVEL_EXTENSION_ID);
    if (level >= 0)
        return level;
    return payload_size <= DTX_BYTES ? LEVEL_SILENCE : level_from_size(payload_size);
}

bool publisher_parse(const struct publisher *publisher, const uint8_t *data, size_t size, struct parsed *parsed)
{
    struct rtp_packet *packet = &parsed->packet;
    if (!rtp_parse(data, size, packet))
        return false;
    parsed->payload = (struct span){packet->payload, packet->payload_size};
    parsed->older = 0;
    if (packet->payload_type == publisher->answer.red_payload_type) {
        unsigned count = red_parse(packet->payload, packet->payload_size, parsed->blocks);
        if (count == 0)
            return false;
        for (unsigned i = 0; i < count; i++)
            if (parsed->blocks[i].payload_type != publisher->answer.opus_payload_type)
                return false;
        parsed->older = count - 1;
        parsed->payload = (struct span){parsed->blocks[count - 1].payload, parsed->blocks[count - 1].size};
    }
    parsed->level = level_of(publisher, packet, parsed->payload.size);
    return true;
}

void publisher_note_arrival(struct publisher *publisher, const struct rtp_packet *packet, double now)
{
    bool repaired = nack_on_packet(&publisher->nack, packet->sequence, now);
    reception_on_packet(&publisher->reception, packet->sequence, packet->timestamp, now, repaired);
}

static const struct span NOTHING = {(const uint8_t *)"", 0};

/* Redundant payloads belong to the packets directly before: RFC 2198 carries no sequence numbers. */
static unsigned refill(struct publisher *publisher, const struct parsed *parsed, const struct position *position,
    struct packet *packets[MAX_SEQUENCED])
{
    unsigned count = 0;
    for (unsigned i = 0; i < parsed->older; i++) {
        unsigned distance = parsed->older - i;
        const struct red_block *block = &parsed->blocks[i];
        nack_resolve(&publisher->nack, (uint16_t)(parsed->packet.sequence - distance));
        int64_t sequence = position->sequence - distance;
        if (block->size == 0 || block->offset == 0 || sequence < publisher->timeline.first)
            continue;
        struct packet *packet = history_add(&publisher->history, sequence, position->timestamp - block->offset,
            false, publisher->csrc, NOTHING, (struct span){block->payload, block->size});
        if (packet)
            packets[count++] = packet;
    }
    return count;
}

unsigned publisher_assign_sequence(struct publisher *publisher, const struct parsed *parsed, double now,
    struct packet *packets[MAX_SEQUENCED], enum drop *drop)
{
    const struct rtp_packet *source = &parsed->packet;
    struct position position;
    if (!timeline_place(&publisher->timeline, source->sequence, source->timestamp, now, &position)) {
        *drop = DROP_OLD;
        return 0;
    }
    unsigned count = refill(publisher, parsed, &position, packets);
    struct packet *packet = history_add(&publisher->history, position.sequence, position.timestamp,
        source->marker || position.begins, publisher->csrc,
        (struct span){source->extension, source->extension_size}, parsed->payload);
    if (packet)
        packets[count++] = packet;
    *drop = count ? DROP_NONE : DROP_DUPLICATE;
    return count;
}

unsigned publisher_apply(
    struct publisher *publisher, enum effect effect, double now, struct packet *packets[SILENCE_FRAMES])
{
    if (effect == EFFECT_RESUME)
        publisher_interrupt(publisher);
    if (effect != EFFECT_FINISH || !timeline_is_flowing(&publisher->timeline, now))
        return 0;
    unsigned count = 0;
    for (int i = 0; i < SILENCE_FRAMES; i++) {
        struct position position = timeline_append_frame(&publisher->timeline);
        struct packet *packet = history_add(&publisher->history, position.sequence, position.timestamp, false,
            publisher->csrc, NOTHING, (struct span){SILENCE_BYTES, SILENCE_SIZE});
        if (packet)
            packets[count++] = packet;
    }
    return count;
}

enum effect publisher_note_level(struct publisher *publisher, int level, double now)
{
    if (publisher->gate.state == GATE_CLOSING && level >= SILENT_LEVEL)
        return mute_signal(&publisher->gate, SILENCE, now);
    return mute_check(&publisher->gate, now);
}
