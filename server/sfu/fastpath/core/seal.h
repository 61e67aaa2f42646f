/* Outgoing RTP, encrypted as AEAD_AES_GCM (RFC 7714 section 8.2) with OpenSSL's cipher directly. libsrtp, as built for
 * pylibsrtp, spends two thirds of its time on finding the stream among a subscriber's slots and on a replay window
 * that sending does not need.
 *
 * THE CALLER MUST KEEP NONCES UNIQUE: under one key and SSRC an index names one packet, ever (rewriter.h). */
#ifndef PARLOR_SEAL_H
#define PARLOR_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEAL_SALT = 12, SEAL_TAG = 16 };

/* EVP_EncryptInit_ex, EVP_EncryptUpdate, EVP_EncryptFinal_ex and EVP_CIPHER_CTX_ctrl of OpenSSL 1.1 and 3, by address:
 * the shell finds them in the libraries that the process has loaded. */
struct gcm_functions {
    int (*init)(void *context, const void *cipher, void *engine, const uint8_t *key, const uint8_t *iv);
    int (*update)(void *context, uint8_t *out, int *written, const uint8_t *in, int size);
    int (*final)(void *context, uint8_t *out, int *written);
    int (*control)(void *context, int what, int size, void *value);
};

/* Keys of one direction of one connection. `context`: an EVP_CIPHER_CTX with cipher and session key set, NULL if the
 * profile is not AES-GCM. The shell owns it, like the sessions. */
struct seal {
    void *context;
    uint8_t salt[SEAL_SALT]; /* the session's (RFC 3711 section 4.3.1) */
};

/* Encrypts in place: the first `header` bytes stay readable, the rest up to `*size` is encrypted and grows by
 * SEAL_TAG. `index` is the packet's, of 48 bits (RFC 3711 section 3.3.1). */
bool seal_rtp(const struct gcm_functions *gcm, const struct seal *seal, uint8_t *packet, size_t header, uint64_t index,
    int *size);

#endif
