#include "red.h"

unsigned red_parse(const uint8_t *payload, size_t size, struct red_block blocks[RED_MAX_BLOCKS + 1])
{
    unsigned count = 0;
    size_t at = 0;
    while (at < size && payload[at] & 0x80) {
        if (size - at < 4 || count == RED_MAX_BLOCKS)
            return 0;
        uint32_t word = get32(payload + at);
        blocks[count++] = (struct red_block){
            .payload_type = (word >> 24) & 0x7F, .offset = (word >> 10) & 0x3FFF, .size = word & 0x3FF};
        at += 4;
    }
    if (at >= size)
        return 0;
    uint8_t primary = payload[at++];
    for (unsigned i = 0; i < count; i++) {
        if (blocks[i].size > size - at)
            return 0;
        blocks[i].payload = payload + at;
        at += blocks[i].size;
    }
    if (at >= size)
        return 0;
    blocks[count] = (struct red_block){.payload_type = primary, .payload = payload + at, .size = size - at};
    return count + 1;
}

size_t red_write_header(uint8_t *to, uint8_t payload_type, uint32_t offset, size_t redundant)
{
    size_t at = 0;
    if (redundant) {
        put32(to, (0x80u | payload_type) << 24 | offset << 10 | (uint32_t)redundant);
        at = 4;
    }
    to[at] = payload_type;
    return at + 1;
}
