/* Consent checks (RFC 7675): the Binding requests (RFC 8489) that a peer sends every few seconds from its destination.
 * They are answered here at once, whatever Python is doing; all other STUN goes to the control plane. Pure. */
#ifndef PARLOR_CONSENT_H
#define PARLOR_CONSENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"

enum {
    CONSENT_NAME = 160, /* bytes: browsers take 17. Longer names (RFC 8445 allows 512) go to the control plane */
    CONSENT_PASSWORD = 64,
    CONSENT_REQUEST = 768,
    CONSENT_ANSWER = 76,
};

/* OpenSSL's HMAC and its EVP_sha1(), by address: the shell finds them in the libraries that the process has loaded. */
struct mac {
    uint8_t *(*hmac)(const void *digest, const void *key, int key_size, const uint8_t *data, size_t size, uint8_t *out,
        unsigned *written);
    const void *sha1;
};

/* The password that signs a peer's checks, and their user name. `name_size` 0: none. */
struct consent {
    unsigned name_size, password_size;
    uint8_t name[CONSENT_NAME], password[CONSENT_PASSWORD];
};

/* The answer's size; 0 if this is not exactly such a request, or wrongly signed. `out` has CONSENT_ANSWER bytes. */
size_t consent_answer(const struct mac *mac, const struct consent *consent, const uint8_t *request, size_t size,
    const struct address *from, uint8_t *out, bool *nominates);

#endif
