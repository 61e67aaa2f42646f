#include "map.h"

#include <stdlib.h>

bool map_init(struct map *map, size_t capacity)
{
    size_t size = 16;
    while (size < 2 * capacity)
        size *= 2;
    map->mask = size - 1;
    map->count = 0;
    map->entries = calloc(size, sizeof *map->entries);
    return map->entries != NULL;
}

void map_free(struct map *map)
{
    free(map->entries);
    map->entries = NULL;
}

static size_t home(const struct map *map, uint64_t key)
{
    return (size_t)((key * 0x9E3779B97F4A7C15u) >> 32) & map->mask;
}

void *map_get(const struct map *map, uint64_t key)
{
    for (size_t at = home(map, key); map->entries[at].key; at = (at + 1) & map->mask)
        if (map->entries[at].key == key)
            return map->entries[at].value;
    return NULL;
}

bool map_put(struct map *map, uint64_t key, void *value)
{
    size_t at = home(map, key);
    while (map->entries[at].key && map->entries[at].key != key)
        at = (at + 1) & map->mask;
    if (!map->entries[at].key) {
        if (map->count > map->mask / 2)
            return false;
        map->count++;
    }
    map->entries[at] = (struct map_entry){key, value};
    return true;
}

void map_remove(struct map *map, uint64_t key)
{
    size_t at = home(map, key);
    while (map->entries[at].key != key) {
        if (!map->entries[at].key)
            return;
        at = (at + 1) & map->mask;
    }
    map->count--;
    /* Close the gap: following entries move up unless that would put them before their home. */
    for (size_t next = (at + 1) & map->mask; map->entries[next].key; next = (next + 1) & map->mask) {
        size_t wanted = home(map, map->entries[next].key);
        if (((next - wanted) & map->mask) >= ((next - at) & map->mask)) {
            map->entries[at] = map->entries[next];
            at = next;
        }
    }
    map->entries[at].key = 0;
}
