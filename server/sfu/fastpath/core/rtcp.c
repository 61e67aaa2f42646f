#include "rtcp.h"

#include <string.h>

#define NTP_EPOCH_OFFSET 2208988800.0

struct rtcp_packet rtcp_next(const uint8_t *data, size_t *at)
{
    const uint8_t *head = data + *at;
    size_t size = 4u * get16(head + 2);
    *at += 4 + size;
    return (struct rtcp_packet){head[0] & 0x1F, head[1], head + 4, size};
}

static size_t blocks_at(uint8_t type) { return type == RTCP_SENDER_REPORT ? 24 : 4; }

bool rtcp_is_well_formed(const uint8_t *data, size_t size)
{
    for (size_t at = 0; at < size;) {
        if (size - at < 4 || data[at] >> 6 != 2 || 4 + 4u * get16(data + at + 2) > size - at)
            return false;
        struct rtcp_packet packet = rtcp_next(data, &at);
        bool is_report = packet.type == RTCP_SENDER_REPORT || packet.type == RTCP_RECEIVER_REPORT;
        if (is_report && packet.size < blocks_at(packet.type) + (size_t)REPORT_BLOCK * packet.count)
            return false;
        if (packet.type == RTCP_FEEDBACK && packet.count == GENERIC_NACK && packet.size < 8)
            return false;
    }
    return true;
}

struct report_block rtcp_block(const struct rtcp_packet *report, unsigned index)
{
    const uint8_t *at = report->body + blocks_at(report->type) + (size_t)REPORT_BLOCK * index;
    int32_t lost = (int32_t)(get32(at + 4) & 0xFFFFFF);
    return (struct report_block){
        .ssrc = get32(at),
        .fraction_lost = at[4],
        .cumulative_lost = lost & 0x800000 ? lost - 0x1000000 : lost,
        .highest_sequence = get32(at + 8),
        .jitter = get32(at + 12),
        .last_sender_report = get32(at + 16),
        .delay_since = get32(at + 20),
    };
}

bool rtcp_next_nacked(const struct rtcp_packet *nack, struct nack_cursor *cursor, uint16_t *sequence)
{
    if (cursor->at == 0)
        cursor->at = 8;
    while (cursor->at + 4 <= nack->size) {
        uint16_t first = get16(nack->body + cursor->at), mask = get16(nack->body + cursor->at + 2);
        unsigned bit = cursor->bit++;
        if (bit == 0 || (bit <= 16 && mask >> (bit - 1) & 1)) {
            *sequence = (uint16_t)(first + bit);
            return true;
        }
        if (bit > 16) {
            cursor->bit = 0;
            cursor->at += 4;
        }
    }
    return false;
}

static size_t write_header(uint8_t *to, unsigned count, unsigned type, size_t body)
{
    to[0] = (uint8_t)(0x80 | count);
    to[1] = (uint8_t)type;
    put16(to + 2, (uint32_t)(body / 4));
    return 4 + body;
}

static size_t write_block(uint8_t *to, const struct report_block *block)
{
    if (!block)
        return 0;
    put32(to, block->ssrc);
    put32(to + 4, (uint32_t)block->fraction_lost << 24 | ((uint32_t)block->cumulative_lost & 0xFFFFFF));
    put32(to + 8, block->highest_sequence);
    put32(to + 12, block->jitter);
    put32(to + 16, block->last_sender_report);
    put32(to + 20, block->delay_since);
    return REPORT_BLOCK;
}

size_t rtcp_write_receiver_report(uint8_t *to, uint32_t ssrc, const struct report_block *block)
{
    put32(to + 4, ssrc);
    return write_header(to, block != NULL, RTCP_RECEIVER_REPORT, 4 + write_block(to + 8, block));
}

static uint64_t ntp(double now) { return (uint64_t)((now + NTP_EPOCH_OFFSET) * 65536) << 16; }

size_t rtcp_write_sender_report(uint8_t *to, uint32_t ssrc, double now, uint32_t timestamp, uint32_t packets,
    uint32_t octets, const struct report_block *block)
{
    uint64_t time = ntp(now);
    put32(to + 4, ssrc);
    put32(to + 8, (uint32_t)(time >> 32));
    put32(to + 12, (uint32_t)time);
    put32(to + 16, timestamp);
    put32(to + 20, packets);
    put32(to + 24, octets);
    return write_header(to, block != NULL, RTCP_SENDER_REPORT, 24 + write_block(to + 28, block));
}

size_t rtcp_write_source_description(uint8_t *to, uint32_t ssrc)
{
    enum { ITEM = 2 + sizeof CNAME - 1, BODY = 4 + (ITEM / 4 + 1) * 4 };
    put32(to + 4, ssrc);
    memset(to + 8, 0, BODY - 4); /* at least one null ends the list, and the chunk fills its words */
    to[8] = 1;
    to[9] = sizeof CNAME - 1;
    memcpy(to + 10, CNAME, sizeof CNAME - 1);
    return write_header(to, 1, RTCP_SOURCE_DESCRIPTION, BODY);
}

size_t rtcp_write_nack(uint8_t *to, uint32_t sender, uint32_t source, const uint16_t *sequences, unsigned count)
{
    put32(to + 4, sender);
    put32(to + 8, source);
    uint8_t *pair = NULL, *next = to + 12;
    for (unsigned i = 0; i < count; i++) {
        unsigned distance = pair ? (uint16_t)(sequences[i] - get16(pair)) : 0;
        if (distance >= 1 && distance <= 16) {
            put16(pair + 2, get16(pair + 2) | 1u << (distance - 1));
            continue;
        }
        pair = next;
        next += 4;
        put16(pair, sequences[i]);
        put16(pair + 2, 0);
    }
    return write_header(to, GENERIC_NACK, RTCP_FEEDBACK, (size_t)(next - to) - 4);
}

uint32_t rtcp_ntp_middle(double now) { return (uint32_t)(ntp(now) >> 16); }

double rtcp_round_trip(const struct report_block *block, double now)
{
    if (block->last_sender_report == 0)
        return -1;
    uint32_t ticks = rtcp_ntp_middle(now) - block->last_sender_report - block->delay_since;
    return ticks < 10 * 65536 ? ticks / 65536.0 : -1;
}
