/* Redundant audio, RFC 2198: a packet also carries its predecessors' payloads. */
#ifndef PARLOR_RED_H
#define PARLOR_RED_H

#include "bytes.h"

enum { RED_MAX_BLOCKS = 8, RED_MAX_OFFSET = (1 << 14) - 1, RED_MAX_LENGTH = (1 << 10) - 1 };

/* `offset`: samples before the packet's own timestamp. `payload` points into the parsed packet. */
struct red_block {
    uint8_t payload_type;
    uint32_t offset;
    const uint8_t *payload;
    size_t size;
};

/* Returns the number of blocks: oldest first, the last is the primary with offset 0. 0: malformed. */
unsigned red_parse(const uint8_t *payload, size_t size, struct red_block blocks[RED_MAX_BLOCKS + 1]);

/* Whether a redundant payload can be expressed. */
static inline bool red_expresses(int64_t offset, size_t size)
{
    return offset > 0 && offset <= RED_MAX_OFFSET && size > 0 && size <= RED_MAX_LENGTH;
}

/* Writes the header of one redundant block and of the primary; `redundant` 0 omits the first.
 * Returns the number of bytes, at most 5. */
size_t red_write_header(uint8_t *to, uint8_t payload_type, uint32_t offset, size_t redundant);

#endif
