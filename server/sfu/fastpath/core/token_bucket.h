/* Token bucket: a rate limit with a burst. */
#ifndef PARLOR_TOKEN_BUCKET_H
#define PARLOR_TOKEN_BUCKET_H

#include <stdbool.h>

struct token_bucket {
    double per_second, burst, tokens, updated;
};

static inline struct token_bucket token_bucket_of(double per_second, double burst)
{
    return (struct token_bucket){per_second, burst, burst, 0.0};
}

static inline bool token_bucket_take(struct token_bucket *bucket, double now)
{
    double elapsed = now > bucket->updated ? now - bucket->updated : 0.0;
    bucket->updated = now;
    bucket->tokens += elapsed * bucket->per_second;
    if (bucket->tokens > bucket->burst)
        bucket->tokens = bucket->burst;
    if (bucket->tokens < 1)
        return false;
    bucket->tokens -= 1;
    return true;
}

/* Take tokens even if there are fewer: the next wait is longer. */
static inline void token_bucket_charge(struct token_bucket *bucket, unsigned more) { bucket->tokens -= more; }

#endif
