/* The two sockets; sending over a network that refuses datagrams: `sendmmsg`, `poll` and `setsockopt` are replaced
 * (linked with --wrap). */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "network.h"

/* Results of the next calls: packets taken, or the negated error. */
static const int *answers;
static unsigned calls, polls;
static bool has_room;
static char taken[OUTBOX_PACKETS + 1];

int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);

int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    (void)fd;
    CHECK(flags & MSG_DONTWAIT);
    int answer = answers[calls++];
    if (answer < 0) {
        errno = -answer;
        return -1;
    }
    CHECK((unsigned)answer <= count);
    for (int i = 0; i < answer; i++)
        strncat(taken, messages[i].msg_hdr.msg_iov->iov_base, 1);
    return answer;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    CHECK(count == 1 && fds->events == POLLOUT && timeout <= 5);
    polls++;
    return has_room;
}

static struct network *network;
static struct outbox outbox;
static struct traffic traffic;

/* Sends "abcd", each letter a packet; returns how many were dropped. */
static uint64_t send_four(const int *told, bool room)
{
    struct address to = {.port = 9};
    uint64_t before = traffic.unsent;
    answers = told;
    has_room = room;
    calls = polls = 0;
    taken[0] = 0;
    outbox.count = 0;
    outbox.used = 0;
    for (char letter = 'a'; letter <= 'd'; letter++) {
        *outbox_reserve(&outbox) = (uint8_t)letter;
        outbox_commit(&outbox, 1, &to);
    }
    network_send(network, &traffic, &outbox);
    return traffic.unsent - before;
}

static bool shares_ports;

int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    if (name == SO_ATTACH_REUSEPORT_CBPF && !shares_ports)
        return -1;
    return __real_setsockopt(fd, level, name, value, size);
}

/* IPv6 is dual-stack, as what the server binds by default. */
static int bound(sa_family_t family)
{
    int fd = socket(family, SOCK_DGRAM, 0), no = 0;
    struct sockaddr_storage any = {.ss_family = family};
    CHECK(family == AF_INET || __real_setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) == 0);
    CHECK(bind(fd, (struct sockaddr *)&any, sizeof any) == 0);
    return fd;
}

static in_port_t port_of(int fd)
{
    struct sockaddr_in6 name = {0}; /* both have the port at the same offset */
    socklen_t size = sizeof name;
    CHECK(getsockname(fd, (struct sockaddr *)&name, &size) == 0);
    return name.sin6_port;
}

/* The first bytes of the datagrams in a queue. */
static const char *received(enum queue queue)
{
    static char found[NETWORK_BATCH + 1];
    struct received items[NETWORK_BATCH];
    unsigned count = network_receive(network, queue, &traffic, items);
    for (unsigned i = 0; i < count; i++)
        found[i] = items[i].size ? (char)items[i].bytes[0] : '-';
    found[count] = 0;
    return found;
}

/* Of `RTP, STUN, an empty one, DTLS, an unknown kind`, sent in this order. */
static void check_queues(int fd, const char *media, const char *control)
{
    static const char *const SENT[] = {"\x80", "\x03", "", "\x16", "\xC0"};
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = port_of(fd), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    for (int from = 0; from < 3; from++) { /* the source address makes no difference */
        int sender = socket(AF_INET, SOCK_DGRAM, 0);
        for (unsigned i = 0; i < sizeof SENT / sizeof *SENT; i++)
            CHECK(sendto(sender, SENT[i], strlen(SENT[i]), 0, (struct sockaddr *)&name, sizeof name) >= 0);
        close(sender);
        CHECK(!strcmp(received(MEDIA), media) && !strcmp(received(CONTROL), control));
    }
    CHECK(traffic.errors == 0);
}

static void check_that_who_waits_for_an_answer_has_a_queue_of_its_own(int fd)
{
    shares_ports = true;
    network = network_new(fd);
    CHECK(network && network_fd(network, CONTROL) >= 0);
    check_queues(fd, "\x80-\xC0", "\x03\x16");
    /* its buffer is as large, and a second server still cannot bind the port */
    int room[QUEUES];
    socklen_t size = sizeof *room;
    for (int queue = 0; queue < QUEUES; queue++)
        CHECK(getsockopt(network_fd(network, queue), SOL_SOCKET, SO_RCVBUF, &room[queue], &size) == 0);
    CHECK(room[MEDIA] == room[CONTROL]);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = port_of(fd)};
    int other = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(bind(other, (struct sockaddr *)&name, sizeof name) < 0 && errno == EADDRINUSE);
    close(other);
    network_free(network);
}

static void check_that_without_it_all_comes_to_one(int fd)
{
    shares_ports = false;
    network = network_new(fd);
    CHECK(network && network_fd(network, CONTROL) < 0);
    check_queues(fd, "\x80\x03-\x16\xC0", "");
    network_free(network);
}

static void check_both_and_that_what_was_refused_may_come_later(sa_family_t family)
{
    int fd = bound(family);
    check_that_without_it_all_comes_to_one(fd);
    check_that_who_waits_for_an_answer_has_a_queue_of_its_own(fd);
    check_that_who_waits_for_an_answer_has_a_queue_of_its_own(fd);
    close(fd);
}

int main(void)
{
    check_both_and_that_what_was_refused_may_come_later(AF_INET);
    check_both_and_that_what_was_refused_may_come_later(AF_INET6);
    int fd = bound(AF_INET);
    network = network_new(fd);
    CHECK(network);

    CHECK(send_four((const int[]){4}, false) == 0 && !strcmp(taken, "abcd"));
    /* a part at a time, and a signal in between */
    CHECK(send_four((const int[]){1, -EINTR, 2, 1}, false) == 0 && !strcmp(taken, "abcd"));
    /* an unreachable destination costs only its own datagram */
    CHECK(send_four((const int[]){1, -ENETUNREACH, 2}, false) == 1 && !strcmp(taken, "acd"));
    CHECK(send_four((const int[]){-EPERM, -EPERM, -EPERM, -EPERM}, false) == 4 && calls == 4);
    /* a full buffer is waited for once, for a moment; the rest is lost and counted */
    CHECK(send_four((const int[]){2, -EAGAIN, 2}, true) == 0 && !strcmp(taken, "abcd") && polls == 1);
    CHECK(send_four((const int[]){2, -EAGAIN}, false) == 2 && !strcmp(taken, "ab") && polls == 1);
    CHECK(send_four((const int[]){1, -EAGAIN, 1, -ENOBUFS}, true) == 2 && !strcmp(taken, "ab") && polls == 1);

    network_free(network);
    close(fd);
    return 0;
}
