#include "seal.h"

#include <string.h>

#include "bytes.h"

enum { GET_TAG = 0x10 /* EVP_CTRL_AEAD_GET_TAG */ };

/* RFC 7714 section 8.1: two zero bytes, SSRC, rollover counter and sequence number, XORed with the salt. */
static void write_iv(uint8_t iv[SEAL_SALT], const uint8_t salt[SEAL_SALT], const uint8_t *packet, uint64_t index)
{
    memset(iv, 0, 2);
    memcpy(iv + 2, packet + 8, 4);
    put32(iv + 6, (uint32_t)(index >> 16));
    put16(iv + 10, (uint16_t)index);
    for (int i = 0; i < SEAL_SALT; i++)
        iv[i] ^= salt[i];
}

bool seal_rtp(const struct gcm_functions *gcm, const struct seal *seal, uint8_t *packet, size_t header, uint64_t index,
    int *size)
{
    uint8_t iv[SEAL_SALT];
    uint8_t *payload = packet + header;
    int length = *size - (int)header, written;
    write_iv(iv, seal->salt, packet, index);
    bool done = gcm->init(seal->context, NULL, NULL, NULL, iv)
        && gcm->update(seal->context, NULL, &written, packet, (int)header)
        && gcm->update(seal->context, payload, &written, payload, length)
        && gcm->final(seal->context, payload + length, &written)
        && gcm->control(seal->context, GET_TAG, SEAL_TAG, payload + length);
    *size += SEAL_TAG;
    return done;
}
