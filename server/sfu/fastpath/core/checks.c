#include "core.h"

/* Interval of reports of a live peer to the control plane. */
#define CHECK_REPORT_SECONDS 0.500

void core_set_consent(struct core *core, uint32_t handle, const struct consent *consent)
{
    struct peer *peer = core_find(core, handle);
    if (peer)
        peer->consent = *consent;
}

/* A nomination may be news after an earlier check, so it does not wait. */
static void report(struct core *core, struct peer *peer, const struct address *from, bool nominates, double now)
{
    bool is_new_address = nominates && !peer->has_reported_nomination;
    if (!is_new_address && now - peer->check_reported_at < CHECK_REPORT_SECONDS)
        return;
    if (!core->listener.consent_checked(core->listener.context, peer->handle, from, nominates, now))
        return;
    peer->check_reported_at = now;
    peer->has_reported_nomination = nominates;
}

bool core_check(struct core *core, uint32_t handle, const uint8_t *datagram, size_t size, const struct address *from,
    double now)
{
    struct peer *peer = core_find(core, handle);
    if (!peer || !core->mac.hmac || !peer->consent.name_size || !peer->has_destination
        || !address_equals(from, &peer->destination) || !token_bucket_take(&peer->checks, now))
        return false;
    bool nominates;
    uint8_t *out = outbox_reserve(core->outbox);
    size_t answered = consent_answer(&core->mac, &peer->consent, datagram, size, from, out, &nominates);
    if (!answered)
        return false;
    outbox_commit(core->outbox, answered, from);
    report(core, peer, from, nominates, now);
    return true;
}
