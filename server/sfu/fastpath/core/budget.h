/* A token bucket: how often something may happen, however often it is asked for. */
#ifndef PARLOR_BUDGET_H
#define PARLOR_BUDGET_H

#include <stdbool.h>

struct budget {
    double per_second, burst, tokens, updated;
};

static inline struct budget budget_of(double per_second, double burst)
{
    return (struct budget){per_second, burst, burst, 0.0};
}

static inline bool budget_take(struct budget *budget, double now)
{
    double elapsed = now > budget->updated ? now - budget->updated : 0.0;
    budget->updated = now;
    budget->tokens += elapsed * budget->per_second;
    if (budget->tokens > budget->burst)
        budget->tokens = budget->burst;
    if (budget->tokens < 1)
        return false;
    budget->tokens -= 1;
    return true;
}

/* What was taken led to more of the same: the next wait is longer. */
static inline void budget_owe(struct budget *budget, unsigned more) { budget->tokens -= more; }

#endif
