/* Sending over a network that says no: `sendmmsg` and `poll` are ours (linked with --wrap). */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "network.h"

/* What the next calls answer: packets taken, or the error as a negative number. */
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

/* Sends "abcd", each letter a packet; returns how many were given up. */
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

int main(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in any = {.sin_family = AF_INET};
    CHECK(bind(fd, (struct sockaddr *)&any, sizeof any) == 0);
    network = network_new(fd);
    CHECK(network);

    CHECK(send_four((const int[]){4}, false) == 0 && !strcmp(taken, "abcd"));
    /* a part at a time, and a signal in between */
    CHECK(send_four((const int[]){1, -EINTR, 2, 1}, false) == 0 && !strcmp(taken, "abcd"));
    /* one that leads nowhere costs itself alone */
    CHECK(send_four((const int[]){1, -ENETUNREACH, 2}, false) == 1 && !strcmp(taken, "acd"));
    CHECK(send_four((const int[]){-EPERM, -EPERM, -EPERM, -EPERM}, false) == 4 && calls == 4);
    /* a full buffer is waited for once, for a moment; what does not go then is lost and counted */
    CHECK(send_four((const int[]){2, -EAGAIN, 2}, true) == 0 && !strcmp(taken, "abcd") && polls == 1);
    CHECK(send_four((const int[]){2, -EAGAIN}, false) == 2 && !strcmp(taken, "ab") && polls == 1);
    CHECK(send_four((const int[]){1, -EAGAIN, 1, -ENOBUFS}, true) == 2 && !strcmp(taken, "ab") && polls == 1);

    network_free(network);
    close(fd);
    return 0;
}
