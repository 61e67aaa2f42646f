/* Map from source addresses to peers: open addressing, never grows. It holds handles, so that a route that outlives its
 * peer finds no peer. */
#ifndef PARLOR_ROUTES_H
#define PARLOR_ROUTES_H

#include "core/address.h"

struct route {
    struct address address;
    uint32_t handle; /* 0: free */
};

struct routes {
    size_t mask, count;
    struct route *entries;
};

/* False: no memory. */
bool routes_init(struct routes *routes, size_t capacity);
void routes_free(struct routes *routes);

/* 0 if there is none. */
uint32_t routes_find(const struct routes *routes, const struct address *address);
/* Does nothing if it is full. */
void routes_open(struct routes *routes, const struct address *address, uint32_t handle);
void routes_close(struct routes *routes, const struct address *address);

#endif
