/* The order in which the thread serves a backlog while more arrives: the wrapped `recvmmsg` waits until all has been
 * sent, and sends more after each batch of packets; the clock does not advance (linked with --wrap). */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "data_plane.h"
#include "network.h"

enum { PACKETS = 100 };

static struct data_plane plane;
static sem_t has_begun, is_sent, is_done;
static int media_fd, sender;
static struct sockaddr_in name = {.sin_family = AF_INET};
static unsigned packets, batches, announced_first, turns, turns_in_the_crowd;

int __real_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout);
int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout);

int __wrap_sched_yield(void);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

int __wrap_sched_yield(void)
{
    turns++;
    return 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    (void)clock;
    *time = (struct timespec){1000, 0};
    return 0;
}

static void send_to_plane(const char *datagram)
{
    CHECK(sendto(sender, datagram, strlen(datagram), 0, (struct sockaddr *)&name, sizeof name) > 0);
}

int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout)
{
    static bool waits = true;
    if (waits) {
        waits = false;
        sem_post(&has_begun);
        sem_wait(&is_sent);
    }
    int found = __real_recvmmsg(fd, messages, count, flags, timeout);
    if (fd != media_fd || found <= 0)
        return found;
    struct pollfd events = {plane.event_fd, POLLIN, 0};
    announced_first += poll(&events, 1, 0) == 1;
    data_plane_acknowledge(&plane);
    batches++;
    packets += (unsigned)found;
    send_to_plane("\x16");
    if (packets == PACKETS) {
        turns_in_the_crowd = turns;
        sem_post(&is_done);
    }
    return found;
}

/* Datagrams for Python are announced before each batch of packets; Python gets one turn before all are through. */
int main(void)
{
    struct core_options options = {.capacity = 1};
    socklen_t size = sizeof name;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sender = socket(AF_INET, SOCK_DGRAM, 0);
    media_fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    CHECK(bind(media_fd, (struct sockaddr *)&name, size) == 0);
    CHECK(getsockname(media_fd, (struct sockaddr *)&name, &size) == 0);
    CHECK(!sem_init(&has_begun, 0, 0) && !sem_init(&is_sent, 0, 0) && !sem_init(&is_done, 0, 0));
    CHECK(data_plane_init(&plane, &options, &(struct srtp_functions){0}, &(struct gcm_functions){0}, &(struct mac){0}));
    CHECK(data_plane_start(&plane, media_fd));
    send_to_plane("\x16");
    sem_wait(&has_begun);
    for (int i = 0; i < PACKETS; i++)
        send_to_plane("\x80");
    sem_post(&is_sent);
    sem_wait(&is_done);
    CHECK(batches > PACKETS / 32 && announced_first == batches);
    CHECK(turns_in_the_crowd == 1);
    data_plane_free(&plane);
    CHECK(plane.traffic.unknown_source == PACKETS);
    close(sender);
    close(media_fd);
    return 0;
}
