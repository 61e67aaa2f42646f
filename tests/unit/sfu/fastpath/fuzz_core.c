/* Feeds the core datagrams of unknown senders and of clients with keys, for the given number of executions:
 * `fuzz_core SEED EXECUTIONS`. Built with the address and undefined-behaviour sanitizers; each datagram has a heap
 * block of exactly its size, so that a read behind it is found.
 *
 * SRTP is faked: a tag of 16 bytes is added and removed. The fake checks the invariant: one outgoing number carries
 * one payload, ever. */
#include <stdio.h>
#include <stdlib.h>

#include "core/core.h"
#include "core/red.h"
#include "core/rtcp.h"

#define FNV 0xCBF29CE484222325u

enum { PEERS = 5, SLOTS = 3, TAG = 16, WINDOW = 1024, MAX_SSRCS = SLOTS, MOST = MAX_PACKET + 40 };

struct stream {
    uint32_t ssrc;
    bool is_used;
    int64_t top;
    int64_t numbers[WINDOW];
    uint64_t digests[WINDOW];
};

struct session {
    struct stream streams[MAX_SSRCS];
};

struct person {
    uint32_t handle, ssrc;
    uint16_t sequence;
    uint32_t timestamp;
    struct session sessions;
    bool is_here;
    bool is_lavish; /* with bytes: its history soon holds numbers without them */
    bool is_hasty;  /* leaves numbers out, so that they wrap in a slot's life */
};

static uint64_t state, seed;
static struct core core;
static struct outbox outbox;
static struct person people[PEERS];
static uint32_t last_handle, last_ssrc;
static uint64_t sent, events, checks;
static double now = 1000;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static uint32_t below(uint32_t limit) { return (uint32_t)((next_random() >> 16) % limit); }

static bool chance(uint32_t one_in) { return below(one_in) == 0; }

static void fail(const char *why)
{
    fprintf(stderr, "%s, seed %llu\n", why, (unsigned long long)seed);
    abort();
}

static uint64_t digest_of(uint64_t digest, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        digest = (digest ^ data[i]) * 0x100000001B3u;
    return digest;
}

static struct stream *stream_of(struct session *session, uint32_t ssrc)
{
    for (int i = 0; i < MAX_SSRCS; i++) {
        struct stream *stream = &session->streams[i];
        if (!stream->is_used) {
            *stream = (struct stream){.ssrc = ssrc, .is_used = true, .top = -1};
            for (int n = 0; n < WINDOW; n++)
                stream->numbers[n] = -1;
        }
        if (stream->ssrc == ssrc)
            return stream;
    }
    fail("a slot has an SSRC that it was not given");
    return NULL;
}

static void note_sent(struct stream *stream, int64_t number, uint64_t digest)
{
    if (stream->top < 0 && number >= 0x8000)
        fail("the first number is above 32,767");
    if (number < stream->top - 0x8000)
        fail("a number that is used up");
    sent++;
    if (number <= stream->top - WINDOW)
        return;
    int64_t *known = &stream->numbers[number & (WINDOW - 1)];
    if (*known == number && stream->digests[number & (WINDOW - 1)] != digest)
        fail("one number carries two payloads");
    *known = number;
    stream->digests[number & (WINDOW - 1)] = digest;
    if (number > stream->top)
        stream->top = number;
}

static int protect(void *session, void *packet, int *size)
{
    const uint8_t *data = packet;
    if (*size < RTP_HEADER + 5 || *size > MAX_PACKET || data[0] >> 6 != 2)
        fail("not an RTP packet");
    struct stream *stream = stream_of(session, get32(data + 8));
    uint16_t wire = get16(data + 2);
    int64_t number = stream->top < 0 ? wire : unwrap16(wire, stream->top);
    if (number <= stream->top - WINDOW)
        return SRTP_TOO_OLD;
    note_sent(stream, number, digest_of(FNV, data, (size_t)*size));
    memset((uint8_t *)packet + *size, 0xEE, TAG);
    *size += TAG;
    return SRTP_OK;
}

/* OpenSSL's calls, as seal.c makes them. The salt is zero, so the IV says which number is meant. */

static struct {
    struct stream *stream;
    int64_t number;
    uint64_t digest;
} sealing;

static int gcm_init(void *context, const void *cipher, void *engine, const uint8_t *key, const uint8_t *iv)
{
    if (cipher || engine || key || get16(iv))
        fail("only the IV changes from packet to packet");
    sealing.stream = stream_of(context, get32(iv + 2));
    sealing.number = (int64_t)((uint64_t)get32(iv + 6) << 16 | get16(iv + 10));
    sealing.digest = FNV;
    return 1;
}

static int gcm_update(void *context, uint8_t *out, int *written, const uint8_t *in, int size)
{
    (void)context;
    if (size < (out ? 1 : RTP_HEADER + 4) || size > MAX_PACKET || (out && out != in))
        fail("not the header, then the payload");
    if (!out && (get32(in + 8) != sealing.stream->ssrc || get16(in + 2) != (uint16_t)sealing.number))
        fail("the IV is another packet's");
    sealing.digest = digest_of(sealing.digest, in, (size_t)size);
    *written = size;
    return 1;
}

static int gcm_final(void *context, uint8_t *out, int *written)
{
    (void)context, (void)out;
    note_sent(sealing.stream, sealing.number, sealing.digest);
    *written = 0;
    return !chance(100);
}

static int gcm_control(void *context, int what, int size, void *value)
{
    (void)context;
    if (what != 0x10 || size != TAG)
        fail("not a request for the tag");
    memset(value, 0xEE, TAG);
    return 1;
}

static int protect_rtcp(void *session, void *packet, int *size)
{
    (void)session;
    if (*size > MAX_PACKET || !rtcp_is_well_formed(packet, (size_t)*size))
        fail("our RTCP is malformed");
    memset((uint8_t *)packet + *size, 0xEE, TAG + 4);
    *size += TAG + 4;
    return SRTP_OK;
}

static int unprotect(void *session, void *packet, int *size)
{
    (void)session;
    (void)packet;
    if (*size < RTP_HEADER + TAG || chance(50))
        return chance(2) ? 7 : SRTP_REPLAYED;
    *size -= TAG;
    return SRTP_OK;
}

static void flush(struct outbox *box, void *context)
{
    (void)context;
    for (unsigned i = 0; i < box->count; i++)
        if (box->items[i].at + box->items[i].size > OUTBOX_BYTES)
            fail("a packet lies outside of the outbox");
}

/* A weak HMAC, so that some changed messages still count as signed. */
static uint8_t *hmac(const void *digest, const void *key, int key_size, const uint8_t *data, size_t size, uint8_t *out,
    unsigned *written)
{
    uint64_t sum = digest_of(digest_of(FNV, key, (size_t)key_size), data, size);
    if (digest != &core)
        fail("another digest");
    memset(out, (int)(sum & 3), 20);
    *written = 20;
    return chance(500) ? NULL : out;
}

static bool consent_checked(void *context, uint32_t peer, const struct address *address, bool nominates, double at)
{
    (void)context, (void)address, (void)nominates, (void)at;
    if (!core_find(&core, peer)->consent.name_size)
        fail("a check of nobody's");
    checks++;
    return !chance(10);
}

static bool alive(void *context, uint32_t peer, const struct address *address, bool is_new, double at)
{
    (void)context, (void)peer, (void)address, (void)is_new, (void)at;
    events++;
    return !chance(10);
}

static void speaking(void *context, uint32_t peer, bool is_speaking, int level)
{
    (void)context, (void)peer, (void)is_speaking;
    if (level > 0 || level < -127)
        fail("a level that does not exist");
    events++;
}

static void dominant(void *context, uint64_t room, uint32_t peer)
{
    (void)context, (void)room, (void)peer;
    events++;
}

static struct address address_of(uint32_t number)
{
    struct address address = {.port = (uint16_t)number};
    address.ip[15] = (uint8_t)below(3);
    return address;
}

/* A datagram of a client of this server, perhaps changed. */

static size_t write_extension(uint8_t *to)
{
    static const uint16_t profiles[] = {0xBEDE, 0xBEDE, 0x1000, 0x100F, 0x4242};
    size_t words = below(chance(20) ? 200 : 6);
    put16(to, profiles[below(5)]);
    put16(to + 2, (uint32_t)words);
    for (size_t i = 0; i < 4 * words; i++)
        to[4 + i] = (uint8_t)(chance(3) ? next_random() : below(4) << 4 | below(3));
    if (words && chance(2))
        to[4] = 0x10;
    return 4 + 4 * words;
}

static size_t write_red(uint8_t *to)
{
    size_t at = 0, blocks = below(chance(10) ? 12 : 4), total = 0;
    for (size_t i = 0; i < blocks; i++) {
        uint32_t size = below(chance(30) ? 1024 : 12);
        total += size;
        put32(to + at, 0xEF000000u | (chance(4) ? below(1 << 14) : (uint32_t)(blocks - i) * 960) << 10 | size);
        at += 4;
    }
    to[at++] = OPUS_PAYLOAD_TYPE;
    total += 1 + below(80);
    for (size_t i = 0; i < total && at < 1200; i++)
        to[at++] = (uint8_t)next_random();
    return at;
}

static size_t write_rtp(struct person *person, uint8_t *to)
{
    bool red = chance(2);
    size_t at = RTP_HEADER, csrcs = chance(8) ? below(16) : 0;
    person->sequence = (uint16_t)(person->sequence + (chance(5) ? below(5) - 1 : 1));
    person->timestamp += 960;
    if (person->is_hasty && chance(4))
        person->sequence = (uint16_t)(person->sequence + below(MAX_DROPOUT));
    if (chance(500))
        person->sequence = (uint16_t)next_random();
    if (chance(500))
        person->timestamp = (uint32_t)next_random();
    to[0] = (uint8_t)(0x80 | csrcs);
    to[1] = (uint8_t)((chance(20) ? 0x80 : 0) | (red ? RED_PAYLOAD_TYPE : OPUS_PAYLOAD_TYPE));
    put16(to + 2, person->sequence);
    put32(to + 4, person->timestamp);
    put32(to + 8, person->ssrc);
    for (size_t i = 0; i < csrcs; i++, at += 4)
        put32(to + at, (uint32_t)next_random());
    if (!chance(4)) {
        to[0] |= 0x10;
        at += write_extension(to + at);
    }
    if (red && at < 300) {
        at += write_red(to + at);
    } else {
        for (size_t left = below(person->is_lavish ? 1000 : chance(50) ? 600 : 90); left; left--)
            to[at++] = (uint8_t)next_random();
    }
    if (chance(10)) {
        to[0] |= 0x20;
        to[at++] = (uint8_t)below(chance(2) ? 256 : 4);
    }
    return at;
}

static size_t write_rtcp(struct person *person, struct peer *peer, uint8_t *to)
{
    static const uint8_t types[] = {200, 201, 202, 203, 205, 205, 206, 207};
    size_t at = 0;
    for (uint32_t packets = 1 + below(4); packets; packets--) {
        size_t words = 1 + below(chance(20) ? 60 : 14);
        uint32_t count = chance(2) ? 1 : below(32);
        to[at] = (uint8_t)(0x80 | count);
        to[at + 1] = types[below(8)];
        put16(to + at + 2, (uint32_t)(chance(30) ? words + below(3) : words));
        for (size_t i = 0; i < 4 * words; i++)
            to[at + 4 + i] = (uint8_t)next_random();
        put32(to + at + 4, person->ssrc);
        const struct slot *slot = peer->slot_count ? &peer->slots[below(peer->slot_count)] : NULL;
        if (slot && words > 1 && !chance(8))
            put32(to + at + 8, slot->ssrc);
        if (slot && words > 2 && !chance(8)) /* numbers that were given */
            put16(to + at + 12, (uint32_t)(slot->rewriter.top_sequence - below(140)));
        at += 4 + 4 * words;
    }
    return at;
}

static size_t mutate(uint8_t *data, size_t size)
{
    while (size && chance(3)) {
        switch (below(4)) {
        case 0:
            data[below((uint32_t)size)] ^= (uint8_t)(1u << below(8));
            break;
        case 1:
            data[below((uint32_t)size)] = (uint8_t)next_random();
            break;
        case 2:
            size = below((uint32_t)size + 1);
            break;
        default:
            for (uint32_t more = below(20); more && size < MOST; more--)
                data[size++] = (uint8_t)next_random();
        }
    }
    return size;
}

static void receive(struct person *person)
{
    static uint8_t draft[8192];
    struct peer *peer = core_find(&core, person->handle);
    size_t size;
    if (!peer || chance(30)) {
        size = below(100);
        for (size_t i = 0; i < size; i++)
            draft[i] = (uint8_t)next_random();
    } else {
        size = chance(5) ? write_rtcp(person, peer, draft) : write_rtp(person, draft);
        size = size < MAX_PACKET - TAG ? size : MAX_PACKET - TAG;
        if (chance(4))
            size = mutate(draft, size);
        memset(draft + size, 0, TAG);
        size += TAG;
    }
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, draft, size);
    struct address from = address_of(person->handle);
    core_receive(&core, person->handle, exact, size, &from, now);
    free(exact);
}

static const uint8_t NAME[] = "server:client";
enum { NAME_SIZE = sizeof NAME - 1 };

static size_t write_attribute(uint8_t *to, uint32_t kind, const uint8_t *value, size_t size)
{
    put16(to, kind);
    put16(to + 2, (uint32_t)size);
    memcpy(to + 4, value, size);
    memset(to + 4 + size, 0, -size & 3);
    return 4 + ((size + 3) & ~(size_t)3);
}

static uint32_t crc(const uint8_t *data, size_t size)
{
    uint32_t sum = ~0u;
    for (size_t i = 0; i < 8 * size; i++)
        sum = sum >> 1 ^ (0xEDB88320u & -((sum ^ data[i / 8] >> i % 8) & 1));
    return ~sum;
}

/* Usually signed after the changes of its attributes. */
static size_t write_check(uint8_t *to)
{
    static const uint8_t blank[64];
    uint8_t signature[20], sealed[4];
    size_t at = 20;
    put32(to, 0x00010000u);
    put32(to + 4, 0x2112A442u);
    for (size_t i = 8; i < 20; i++)
        to[i] = (uint8_t)next_random();
    for (uint32_t more = below(3); more; more--)
        at += write_attribute(to + at, chance(4) ? below(65536) : 0xC057, blank, below(64));
    at += write_attribute(to + at, 0x0006, NAME, chance(20) ? below(NAME_SIZE) : NAME_SIZE);
    if (chance(2))
        at += write_attribute(to + at, chance(4) ? 0x0024 : 0x0025, blank, chance(2) ? 0 : 4);
    if (chance(4))
        at = 20 + (mutate(to + 20, at - 20) & ~(size_t)3);
    put16(to + 2, (uint32_t)(at + 4));
    memset(signature, (int)(digest_of(digest_of(FNV, NAME, NAME_SIZE), to, at) & 3), sizeof signature);
    at += write_attribute(to + at, 0x0008, signature, chance(50) ? below(20) : 20);
    put16(to + 2, (uint32_t)(at - 12));
    put32(sealed, crc(to, at) ^ 0x5354554Eu);
    return at + write_attribute(to + at, 0x8028, sealed, 4);
}

static void check(struct person *person)
{
    static uint8_t draft[8192];
    size_t size = write_check(draft);
    if (chance(4))
        size = mutate(draft, size);
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, draft, size);
    struct address from = address_of(person->handle);
    core_check(&core, person->handle, exact, size, &from, now);
    if (memcmp(exact, draft, size))
        fail("a check was changed that others may have to read");
    free(exact);
}

/* The parsers alone, so that the memory behind their input is not allocated. */
static void parse_alone(void)
{
    static uint8_t draft[8192];
    struct red_block blocks[RED_MAX_BLOCKS + 1];
    bool red = chance(2);
    size_t size = mutate(draft, red ? write_red(draft) : write_extension(draft));
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, draft, size);
    if (red) {
        for (unsigned i = 0, count = red_parse(exact, size, blocks); i < count; i++)
            events += digest_of(FNV, blocks[i].payload, blocks[i].size) == 0;
    } else if (rtp_audio_level(exact, size, AUDIO_LEVEL_EXTENSION_ID) > 127) {
        fail("a level that does not exist");
    }
    free(exact);
}

/* Commands of the control plane. */

static void leave(struct person *person)
{
    struct peer *peer = core_remove_peer(&core, person->handle);
    if (!peer != !person->is_here)
        fail("a peer was lost");
    peer_free(peer);
    memset(&person->sessions, 0xDD, sizeof person->sessions); /* a use after this is detected */
    person->is_here = false;
}

static void answer(struct person *person)
{
    if (chance(6))
        person->ssrc = ++last_ssrc;
    struct answer said = {
        .has_ssrc = !chance(20),
        .has_levels = !chance(10),
        .red_slots = chance(2),
        .ssrc = person->ssrc,
        .opus_payload_type = OPUS_PAYLOAD_TYPE,
        .red_payload_type = chance(5) ? NO_PAYLOAD_TYPE : RED_PAYLOAD_TYPE,
    };
    core_set_answer(&core, person->handle, &said);
}

static void enter(struct person *person)
{
    uint32_t ssrcs[SLOTS];
    uint8_t random[8 * SLOTS];
    for (int i = 0; i < SLOTS; i++)
        ssrcs[i] = ++last_ssrc;
    for (size_t i = 0; i < sizeof random; i++)
        random[i] = (uint8_t)next_random();
    if (person->is_here)
        leave(person);
    memset(&person->sessions, 0, sizeof person->sessions);
    person->handle = ++last_handle;
    person->ssrc = ++last_ssrc;
    person->is_lavish = chance(3);
    person->is_hasty = chance(5);
    struct peer_spec spec = {
        .handle = person->handle,
        .room_number = 1 + chance(10),
        .number = (uint8_t)(1 + below(255)),
        .is_muted = chance(8),
        .always_forwarded = chance(8),
        .track = MICROPHONE,
        .slot_count = below(SLOTS + 1),
        .slot_ssrcs = ssrcs,
        .random = random,
    };
    struct peer *peer = peer_new(&spec);
    if (!peer || !core_add_peer(&core, peer))
        fail("no room for a peer");
    person->is_here = true;
    answer(person);
    struct seal seal = {.context = &person->sessions};
    core_set_sessions(&core, person->handle, &person->sessions, &person->sessions, chance(3) ? NULL : &seal);
    struct address to = address_of(person->handle);
    core_set_destination(&core, person->handle, &to);
}

static void command(struct person *person)
{
    uint32_t publishers[SLOTS + 2];
    struct address to = address_of(person->handle);
    struct consent consent = {.name_size = chance(6) ? 0 : NAME_SIZE, .password_size = NAME_SIZE};
    memcpy(consent.name, NAME, NAME_SIZE);
    memcpy(consent.password, NAME, NAME_SIZE);
    switch (below(14)) {
    case 12:
    case 13:
        core_set_consent(&core, person->handle, &consent);
        break;
    case 0:
        enter(person);
        break;
    case 1:
        if (chance(4))
            leave(person);
        break;
    case 2:
        answer(person);
        break;
    case 3:
        core_set_destination(&core, person->handle, chance(6) ? NULL : &to);
        break;
    case 4:
    case 5:
    case 6:
        core_set_muted(&core, person->handle, chance(3), chance(2), now);
        break;
    default:
        for (int i = 0; i < SLOTS + 2; i++)
            publishers[i] = chance(6) ? below(9) : people[below(PEERS)].handle;
        core_assign(&core, person->handle, publishers, below(SLOTS + 3), now);
    }
}

int main(int count, char **arguments)
{
    if (count != 3)
        return 2;
    seed = strtoull(arguments[1], NULL, 10);
    state = seed * 0x9E3779B97F4A7C15u | 1;
    uint64_t executions = strtoull(arguments[2], NULL, 10);
    struct srtp_functions srtp = {protect, unprotect, protect_rtcp, unprotect};
    struct gcm_functions gcm = {gcm_init, gcm_update, gcm_final, gcm_control};
    struct mac mac = {hmac, &core};
    struct listener listener = {NULL, alive, consent_checked, speaking, dominant};
    struct core_options options = {.nack = !chance(8), .forward_loudest = chance(3) ? 1 + below(2) : 0, .capacity = 8};
    outbox.flush = flush;
    if (!core_init(&core, &options, &srtp, &gcm, &mac, &outbox, &listener))
        return 2;
    for (uint64_t i = 0; i < executions; i++) {
        struct person *person = &people[below(PEERS)];
        if (!person->is_here && chance(4))
            enter(person);
        else if (chance(60))
            command(person);
        else if (chance(12))
            check(person);
        else if (chance(6))
            parse_alone();
        else
            receive(person);
        if (chance(8)) {
            now += chance(500) ? 10.0 : 0.005 * below(4);
            core_tick(&core, now);
        }
        outbox_flush(&outbox);
    }
    for (int i = 0; i < PEERS; i++)
        leave(&people[i]);
    core_free(&core);
    if (executions > 10000 && (sent < executions / 50 || events == 0 || checks == 0))
        fail("next to nothing got through: this looks at nothing");
    printf("%llu executions, %llu packets out, %llu events, %llu checks\n", (unsigned long long)executions,
        (unsigned long long)sent, (unsigned long long)events, (unsigned long long)checks);
    return 0;
}
