/* Big-endian fields and numbers that wrap. Callers have checked the bounds. */
#ifndef PARLOR_BYTES_H
#define PARLOR_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint16_t get16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

static inline uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xFFFF);
}

/* The number closest to `near` whose lowest 16 bits are `value`: a sequence number with its rollovers. */
static inline int64_t unwrap16(uint16_t value, int64_t near)
{
    return near + (int64_t)(((uint64_t)value - (uint64_t)near + 0x8000u) & 0xFFFFu) - 0x8000;
}

/* As `unwrap16`, for timestamps. */
static inline int64_t unwrap32(uint32_t value, int64_t near)
{
    return near + (int64_t)(((uint64_t)value - (uint64_t)near + 0x80000000u) & 0xFFFFFFFFu) - 0x80000000LL;
}

#endif
