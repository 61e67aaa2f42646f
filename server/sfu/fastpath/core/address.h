/* A peer's address: IPv6, or IPv4 mapped into it (RFC 4291 section 2.5.5.2), the port in host order, and whether it is
 * the other end of a TCP connection. */
#ifndef PARLOR_ADDRESS_H
#define PARLOR_ADDRESS_H

#include <string.h>

#include "bytes.h"

struct address {
    uint8_t ip[16];
    uint16_t port;
    bool is_tcp;
};

static inline bool address_equals(const struct address *a, const struct address *b)
{
    return a->port == b->port && a->is_tcp == b->is_tcp && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

#endif
