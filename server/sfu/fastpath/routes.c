#include "routes.h"

#include <stdlib.h>

bool routes_init(struct routes *routes, size_t capacity)
{
    size_t size = 16;
    while (size < 2 * capacity)
        size *= 2;
    routes->mask = size - 1;
    routes->count = 0;
    routes->entries = calloc(size, sizeof *routes->entries);
    return routes->entries != NULL;
}

void routes_free(struct routes *routes)
{
    free(routes->entries);
    routes->entries = NULL;
}

static size_t home(const struct routes *routes, const struct address *address)
{
    uint64_t high, low;
    memcpy(&high, address->ip, 8);
    memcpy(&low, address->ip + 8, 8);
    uint64_t mixed = (high * 0x9E3779B97F4A7C15u) ^ low ^ ((uint64_t)address->port << 17 | address->is_tcp);
    return (size_t)((mixed * 0xD6E8FEB86659FD93u) >> 32) & routes->mask;
}

/* Index of the address, or the free entry where it would be put. */
static size_t seek(const struct routes *routes, const struct address *address)
{
    size_t at = home(routes, address);
    while (routes->entries[at].handle && !address_equals(&routes->entries[at].address, address))
        at = (at + 1) & routes->mask;
    return at;
}

uint32_t routes_find(const struct routes *routes, const struct address *address)
{
    return routes->entries[seek(routes, address)].handle;
}

void routes_open(struct routes *routes, const struct address *address, uint32_t handle)
{
    size_t at = seek(routes, address);
    if (!routes->entries[at].handle && routes->count++ > routes->mask / 2) {
        routes->count--;
        return;
    }
    routes->entries[at] = (struct route){*address, handle};
}

void routes_close(struct routes *routes, const struct address *address)
{
    size_t at = seek(routes, address);
    if (!routes->entries[at].handle)
        return;
    routes->count--;
    /* Close the gap: following entries move up unless that would put them before their home. */
    for (size_t next = (at + 1) & routes->mask; routes->entries[next].handle; next = (next + 1) & routes->mask) {
        size_t wanted = home(routes, &routes->entries[next].address);
        if (((next - wanted) & routes->mask) >= ((next - at) & routes->mask)) {
            routes->entries[at] = routes->entries[next];
            at = next;
        }
    }
    routes->entries[at].handle = 0;
}
