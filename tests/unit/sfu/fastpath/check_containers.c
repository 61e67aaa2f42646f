/* The containers against simple models: `check_containers SEED EXECUTIONS`. */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "check.h"
#include "core/map.h"
#include "ring.h"
#include "routes.h"

enum { KEYS = 64, RECORDS = 50000 };

static uint64_t state;

static uint32_t below(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 16) % limit);
}

static void check_map(uint64_t executions)
{
    struct map map;
    void *model[KEYS] = {NULL};
    size_t count = 0;
    CHECK(map_init(&map, KEYS));
    for (uint64_t i = 0; i < executions; i++) {
        uint32_t key = below(KEYS);
        uint64_t wide = 1 + key * 0x100000001u; /* some share a home */
        if (below(2)) {
            count += model[key] == NULL;
            model[key] = &model[below(KEYS)];
            CHECK(map_put(&map, wide, model[key]));
        } else {
            count -= model[key] != NULL;
            model[key] = NULL;
            map_remove(&map, wide);
        }
        uint32_t other = below(KEYS);
        CHECK(map_get(&map, 1 + other * 0x100000001u) == model[other]);
        CHECK(map.count == count);
    }
    map_free(&map);
}

static struct address address_of(uint32_t key)
{
    struct address address = {.port = (uint16_t)(key % 4)};
    address.ip[0] = (uint8_t)(key / 16);
    address.ip[15] = (uint8_t)(key / 4 % 4);
    return address;
}

static void check_routes(uint64_t executions)
{
    struct routes routes;
    uint32_t model[KEYS] = {0};
    CHECK(routes_init(&routes, KEYS));
    for (uint64_t i = 0; i < executions; i++) {
        uint32_t key = below(KEYS);
        struct address address = address_of(key);
        if (below(2)) {
            model[key] = 1 + below(1000);
            routes_open(&routes, &address, model[key]);
        } else {
            model[key] = 0;
            routes_close(&routes, &address);
        }
        uint32_t other = below(KEYS);
        struct address looked_up = address_of(other);
        CHECK(routes_find(&routes, &looked_up) == model[other]);
    }
    routes_free(&routes);
}

static void *produce(void *context)
{
    struct ring *ring = context;
    uint32_t body[100];
    for (uint32_t n = 0; n < RECORDS; n++) {
        uint32_t words = n * 7 % 100;
        for (uint32_t i = 0; i < words; i++)
            body[i] = n + i;
        while (!ring_push(ring, &n, sizeof n, body, words * sizeof *body))
            sched_yield();
    }
    return NULL;
}

/* Every record of another thread arrives once, in order and whole. */
static void check_ring(void)
{
    struct ring ring;
    pthread_t producer;
    CHECK(ring_init(&ring, 4096));
    CHECK(!ring_push(&ring, "", 1, &ring, 4096));
    CHECK(pthread_create(&producer, NULL, produce, &ring) == 0);
    for (uint32_t n = 0; n < RECORDS;) {
        size_t size;
        const uint32_t *record = ring_peek(&ring, &size);
        if (!record) {
            sched_yield();
            continue;
        }
        uint32_t words = n * 7 % 100;
        CHECK(size == (1 + words) * sizeof *record && record[0] == n);
        for (uint32_t i = 0; i < words; i++)
            CHECK(record[1 + i] == n + i);
        ring_pop(&ring);
        n++;
    }
    pthread_join(producer, NULL);
    size_t size;
    CHECK(ring_peek(&ring, &size) == NULL);
    ring_free(&ring);
}

int main(int count, char **arguments)
{
    if (count != 3)
        return 2;
    state = strtoull(arguments[1], NULL, 10) | 1;
    uint64_t executions = strtoull(arguments[2], NULL, 10);
    check_map(executions);
    check_routes(executions);
    check_ring();
    return 0;
}
