#include "rtp.h"

enum { ONE_BYTE_PROFILE = 0xBEDE, TWO_BYTE_PROFILE = 0x1000, STOP_ID = 15 };

bool rtp_parse(const uint8_t *data, size_t size, struct rtp_packet *packet)
{
    if (size < RTP_HEADER || data[0] >> 6 != 2)
        return false;
    size_t start = RTP_HEADER + 4u * (data[0] & 0x0F);
    packet->extension = data;
    packet->extension_size = 0;
    if (data[0] & 0x10) {
        if (size < start + 4)
            return false;
        size_t length = 4 + 4u * get16(data + start + 2);
        if (length > size - start)
            return false;
        packet->extension = data + start;
        packet->extension_size = length;
        start += length;
    }
    size_t end = size;
    if (data[0] & 0x20) {
        uint8_t padding = data[size - 1];
        if (padding == 0 || padding > size)
            return false;
        end = size - padding;
    }
    if (start >= end)
        return false;
    packet->payload_type = data[1] & 0x7F;
    packet->marker = data[1] >= 0x80;
    packet->sequence = get16(data + 2);
    packet->timestamp = get32(data + 4);
    packet->payload = data + start;
    packet->payload_size = end - start;
    return true;
}

static int one_byte_level(const uint8_t *block, size_t size, unsigned id)
{
    for (size_t at = 4; at + 1 < size;) {
        uint8_t head = block[at];
        if (head == 0) { /* padding between elements */
            at++;
            continue;
        }
        if (head >> 4 == (int)id)
            return block[at + 1] & 0x7F;
        if (head >> 4 == STOP_ID) /* RFC 8285 section 4.2 */
            return -1;
        at += 2u + (head & 0x0F);
    }
    return -1;
}

static int two_byte_level(const uint8_t *block, size_t size, unsigned id)
{
    for (size_t at = 4; at + 2 < size;) {
        uint8_t head = block[at], length = block[at + 1];
        if (head == 0) {
            at++;
            continue;
        }
        if (head == id)
            return length ? block[at + 2] & 0x7F : -1;
        at += 2u + length;
    }
    return -1;
}

int rtp_audio_level(const uint8_t *extension, size_t size, unsigned id)
{
    if (size < 4)
        return -1;
    uint16_t profile = get16(extension);
    if (profile == ONE_BYTE_PROFILE)
        return one_byte_level(extension, size, id);
    if ((profile & 0xFFF0) == TWO_BYTE_PROFILE)
        return two_byte_level(extension, size, id);
    return -1;
}
