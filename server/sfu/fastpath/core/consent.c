#include "consent.h"

#include <string.h>

#include "bytes.h"

#define COOKIE 0x2112A442u
#define FINGERPRINT_MASK 0x5354554Eu

enum {
    HEADER = 20,
    REQUEST = 0x0001,
    SUCCESS = 0x0101,
    USERNAME = 0x0006,
    MESSAGE_INTEGRITY = 0x0008,
    XOR_MAPPED_ADDRESS = 0x0020,
    PRIORITY = 0x0024,
    USE_CANDIDATE = 0x0025,
    OPTIONAL = 0x8000, /* unknown attributes from here on may be ignored (RFC 8489 section 14) */
    FINGERPRINT = 0x8028,
    SHA1 = 20,
    INTEGRITY_SIZE = 4 + SHA1,
    FINGERPRINT_SIZE = 8,
};

static uint32_t crc32(const uint8_t *data, size_t size)
{
    uint32_t crc = ~0u;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xEDB88320u & -(crc & 1));
    }
    return ~crc;
}

static uint32_t fingerprint(const uint8_t *data, size_t size) { return crc32(data, size) ^ FINGERPRINT_MASK; }

/* MESSAGE-INTEGRITY of the message so far (RFC 8489 section 14.5), whose header already counts that attribute. */
static bool sign(
    const struct mac *mac, const struct consent *consent, uint8_t *message, size_t size, uint8_t signature[SHA1])
{
    unsigned written = 0;
    put16(message + 2, (uint32_t)(size + INTEGRITY_SIZE - HEADER));
    return mac->hmac(mac->sha1, consent->password, (int)consent->password_size, message, size, signature, &written)
        && written == SHA1;
}

/* Compares in constant time. */
static bool equals(const uint8_t *a, const uint8_t *b, size_t size)
{
    unsigned difference = 0;
    for (size_t i = 0; i < size; i++)
        difference |= a[i] ^ b[i];
    return !difference;
}

static bool is_ours(const struct consent *consent, const uint8_t *name, size_t size)
{
    return size == consent->name_size && memcmp(name, consent->name, size) == 0;
}

static bool is_last(const uint8_t *data, size_t size, size_t at)
{
    return at + FINGERPRINT_SIZE == size && get16(data + at) == FINGERPRINT && get16(data + at + 2) == 4;
}

/* Offset of MESSAGE-INTEGRITY; 0 if this is no request under this name, or asks for more than an answer. */
static size_t read_request(const struct consent *consent, const uint8_t *data, size_t size, bool *nominates)
{
    if (size < HEADER || size > CONSENT_REQUEST || size % 4 || get16(data) != REQUEST
        || get16(data + 2) != size - HEADER || get32(data + 4) != COOKIE)
        return 0;
    bool is_named = false;
    *nominates = false;
    for (size_t at = HEADER; at + 4 <= size;) {
        unsigned kind = get16(data + at);
        size_t length = get16(data + at + 2);
        const uint8_t *value = data + at + 4;
        if (length > size - at - 4)
            return 0;
        if (kind == MESSAGE_INTEGRITY)
            return is_named && length == SHA1 && is_last(data, size, at + INTEGRITY_SIZE) ? at : 0;
        if (kind == USERNAME && is_ours(consent, value, length))
            is_named = true;
        else if (kind == USE_CANDIDATE)
            *nominates = true;
        else if (kind == FINGERPRINT || (kind < OPTIONAL && kind != PRIORITY))
            return 0;
        at += 4 + ((length + 3) & ~(size_t)3);
    }
    return 0;
}

/* XOR-MAPPED-ADDRESS (RFC 8489 section 14.2); `mask`: cookie and transaction id. */
static size_t write_address(uint8_t *out, const struct address *address, const uint8_t *mask)
{
    static const uint8_t MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    bool is_v4 = memcmp(address->ip, MAPPED, sizeof MAPPED) == 0;
    const uint8_t *ip = is_v4 ? address->ip + sizeof MAPPED : address->ip;
    size_t size = is_v4 ? 4 : 16;
    put16(out, XOR_MAPPED_ADDRESS);
    put16(out + 2, (uint32_t)(4 + size));
    put16(out + 4, is_v4 ? 1 : 2);
    put16(out + 6, address->port ^ (COOKIE >> 16));
    for (size_t i = 0; i < size; i++)
        out[8 + i] = ip[i] ^ mask[i];
    return 8 + size;
}

static size_t write_answer(const struct mac *mac, const struct consent *consent, const uint8_t *request,
    const struct address *from, uint8_t *out)
{
    put16(out, SUCCESS);
    memcpy(out + 4, request + 4, HEADER - 4);
    size_t at = HEADER + write_address(out + HEADER, from, request + 4);
    put16(out + at, MESSAGE_INTEGRITY);
    put16(out + at + 2, SHA1);
    if (!sign(mac, consent, out, at, out + at + 4))
        return 0;
    at += INTEGRITY_SIZE;
    put16(out + 2, (uint32_t)(at + FINGERPRINT_SIZE - HEADER));
    put16(out + at, FINGERPRINT);
    put16(out + at + 2, 4);
    put32(out + at + 4, fingerprint(out, at));
    return at + FINGERPRINT_SIZE;
}

size_t consent_answer(const struct mac *mac, const struct consent *consent, const uint8_t *request, size_t size,
    const struct address *from, uint8_t *out, bool *nominates)
{
    uint8_t signed_part[CONSENT_REQUEST], signature[SHA1];
    size_t end = read_request(consent, request, size, nominates);
    if (!end || get32(request + size - 4) != fingerprint(request, size - FINGERPRINT_SIZE))
        return 0;
    memcpy(signed_part, request, end);
    if (!sign(mac, consent, signed_part, end, signature) || !equals(signature, request + end + 4, SHA1))
        return 0;
    return write_answer(mac, consent, request, from, out);
}
