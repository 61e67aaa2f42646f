/* Map from non-zero numbers to non-NULL pointers: open addressing, never grows. */
#ifndef PARLOR_MAP_H
#define PARLOR_MAP_H

#include "bytes.h"

struct map {
    size_t mask, count;
    struct map_entry {
        uint64_t key;
        void *value;
    } *entries;
};

/* Room for `capacity` keys at half load. False: no memory. */
bool map_init(struct map *map, size_t capacity);
void map_free(struct map *map);
void *map_get(const struct map *map, uint64_t key);
/* False if it is full. */
bool map_put(struct map *map, uint64_t key, void *value);
void map_remove(struct map *map, uint64_t key);

#endif
