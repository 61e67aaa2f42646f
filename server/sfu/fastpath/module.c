/* The Python face of the loop: `server.sfu.fastpath._loop`, described in `_loop.pyi`.
 *
 * All methods are called with the GIL held and so are the one producer of commands and the one consumer of news. The
 * loop's thread never takes the GIL. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "loop.h"

#define RETRY_NANOSECONDS 200000

struct object {
    PyObject_HEAD
    struct loop *loop;
    struct map peers;     /* by handle: those that have not been removed */
    struct peer *leaving; /* removed, and not yet let go of; linked by `next_leaving` */
    PyObject *sent;       /* without a thread: what the outbox flushed */
};

static const char *const DROP_TEXTS[] = DROP_NAMES;

/* Values */

static bool read_address(const char *host, int port, struct address *address)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    address->port = (uint16_t)port;
    memcpy(address->ip, mapped, sizeof mapped);
    if (port >= 0 && port <= 0xFFFF
        && (inet_pton(AF_INET, host, address->ip + 12) == 1 || inet_pton(AF_INET6, host, address->ip) == 1))
        return true;
    PyErr_Format(PyExc_ValueError, "not an IP address and port: %s %d", host, port);
    return false;
}

static PyObject *make_address(const struct address *address)
{
    struct in6_addr ip;
    char text[INET6_ADDRSTRLEN];
    memcpy(&ip, address->ip, sizeof ip);
    if (IN6_IS_ADDR_V4MAPPED(&ip))
        inet_ntop(AF_INET, address->ip + 12, text, sizeof text);
    else
        inet_ntop(AF_INET6, &ip, text, sizeof text);
    return Py_BuildValue("(si)", text, (int)address->port);
}

/* Of a sequence of numbers, None for 0; -1 with an exception set. */
static int read_numbers(PyObject *from, uint32_t to[MAX_SLOTS])
{
    PyObject *items = PySequence_Fast(from, "a sequence of numbers");
    if (!items)
        return -1;
    Py_ssize_t count = PySequence_Fast_GET_SIZE(items);
    if (count > MAX_SLOTS)
        PyErr_Format(PyExc_ValueError, "more than %d slots", MAX_SLOTS);
    for (Py_ssize_t i = 0; i < count && !PyErr_Occurred(); i++) {
        PyObject *item = PySequence_Fast_GET_ITEM(items, i);
        to[i] = item == Py_None ? 0 : (uint32_t)PyLong_AsUnsignedLong(item);
    }
    Py_DECREF(items);
    return PyErr_Occurred() ? -1 : (int)count;
}

/* Commands */

static void give(struct object *self, const struct command *command)
{
    while (!loop_command(self->loop, command)) {
        struct timespec moment = {0, RETRY_NANOSECONDS};
        Py_BEGIN_ALLOW_THREADS
        nanosleep(&moment, NULL);
        Py_END_ALLOW_THREADS
    }
    if (!self->loop->is_running)
        outbox_flush(&self->loop->outbox);
}

static PyObject *finish(struct object *self, const struct command *command)
{
    give(self, command);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static void remove_peer(struct object *self, uint32_t handle)
{
    struct peer *peer = map_get(&self->peers, handle);
    if (!peer)
        return;
    map_remove(&self->peers, handle);
    give(self, &(struct command){.kind = REMOVE_PEER, .handle = handle, .peer = peer});
    peer->next_leaving = self->leaving;
    self->leaving = peer;
}

static PyObject *method_add_peer(struct object *self, PyObject *args)
{
    unsigned handle, number;
    unsigned long long room;
    int muted, always_forwarded;
    PyObject *ssrcs;
    uint32_t slot_ssrcs[MAX_SLOTS];
    uint8_t random[8 * MAX_SLOTS];
    if (!PyArg_ParseTuple(args, "IKIOpp", &handle, &room, &number, &ssrcs, &muted, &always_forwarded))
        return NULL;
    int slots = read_numbers(ssrcs, slot_ssrcs);
    if (slots < 0)
        return NULL;
    if (handle == 0 || room == 0)
        return PyErr_Format(PyExc_ValueError, "handles and rooms are numbered from 1");
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return PyErr_SetFromErrno(PyExc_OSError);
    remove_peer(self, handle);
    struct peer_spec spec = {
        .handle = handle,
        .room_number = room,
        .number = (uint8_t)number,
        .is_muted = muted,
        .always_forwarded = always_forwarded,
        .slot_count = (unsigned)slots,
        .slot_ssrcs = slot_ssrcs,
        .random = random,
    };
    struct peer *peer = peer_new(&spec);
    if (!peer || !map_put(&self->peers, handle, peer)) {
        peer_free(peer);
        return PyErr_NoMemory();
    }
    return finish(self, &(struct command){.kind = ADD_PEER, .handle = handle, .peer = peer});
}

static PyObject *method_set_answer(struct object *self, PyObject *args)
{
    unsigned handle, ssrc, opus, red;
    int has_ssrc, has_levels, red_slots;
    if (!PyArg_ParseTuple(args, "IpIIIpp", &handle, &has_ssrc, &ssrc, &opus, &red, &has_levels, &red_slots))
        return NULL;
    struct command command = {.kind = SET_ANSWER, .handle = handle};
    command.answer = (struct answer){
        .has_ssrc = has_ssrc,
        .has_levels = has_levels,
        .red_slots = red_slots,
        .ssrc = has_ssrc ? ssrc : 0,
        .opus_payload_type = (uint8_t)opus,
        .red_payload_type = (uint8_t)red,
    };
    return finish(self, &command);
}

static PyObject *method_set_sessions(struct object *self, PyObject *args)
{
    unsigned handle;
    unsigned long long rx, tx, context;
    const char *salt;
    Py_ssize_t salt_size;
    if (!PyArg_ParseTuple(args, "IKK(Ky#)", &handle, &rx, &tx, &context, &salt, &salt_size))
        return NULL;
    if (context && salt_size != SEAL_SALT)
        return PyErr_Format(PyExc_ValueError, "the salt has %d bytes", SEAL_SALT);
    struct command command = {.kind = SET_SESSIONS, .handle = handle};
    command.sessions.rx = (void *)(uintptr_t)rx;
    command.sessions.tx = (void *)(uintptr_t)tx;
    if (context) {
        command.sessions.seal.context = (void *)(uintptr_t)context;
        memcpy(command.sessions.seal.salt, salt, SEAL_SALT);
    }
    return finish(self, &command);
}

static PyObject *method_set_destination(struct object *self, PyObject *args)
{
    unsigned handle;
    const char *host;
    int port;
    if (!PyArg_ParseTuple(args, "Izi", &handle, &host, &port))
        return NULL;
    struct command command = {.kind = SET_DESTINATION, .handle = handle, .has_address = host != NULL};
    if (host && !read_address(host, port, &command.address))
        return NULL;
    return finish(self, &command);
}

static PyObject *method_set_muted(struct object *self, PyObject *args)
{
    struct command command = {.kind = SET_MUTED};
    int muted, at_once;
    if (!PyArg_ParseTuple(args, "Ippd", &command.handle, &muted, &at_once, &command.now))
        return NULL;
    command.muted = muted;
    command.at_once = at_once;
    return finish(self, &command);
}

static PyObject *method_assign(struct object *self, PyObject *args)
{
    struct command command = {.kind = ASSIGN};
    PyObject *publishers;
    if (!PyArg_ParseTuple(args, "IOd", &command.handle, &publishers, &command.now))
        return NULL;
    int count = read_numbers(publishers, command.slots.publishers);
    if (count < 0)
        return NULL;
    command.slots.count = (unsigned)count;
    return finish(self, &command);
}

static PyObject *method_remove_peer(struct object *self, PyObject *args)
{
    unsigned handle;
    if (!PyArg_ParseTuple(args, "I", &handle))
        return NULL;
    remove_peer(self, handle);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *route(struct object *self, PyObject *args, enum command_kind kind)
{
    struct command command = {.kind = kind, .has_address = true};
    const char *host;
    int port;
    if (!PyArg_ParseTuple(args, "siI", &host, &port, &command.handle))
        return NULL;
    if (!read_address(host, port, &command.address))
        return NULL;
    return finish(self, &command);
}

static PyObject *method_open_route(struct object *self, PyObject *args) { return route(self, args, OPEN_ROUTE); }

static PyObject *method_close_route(struct object *self, PyObject *args) { return route(self, args, CLOSE_ROUTE); }

/* What there is to be told */

static PyObject *make_news(const struct news *news)
{
    switch (news->kind) {
    case HEARD:
        return Py_BuildValue("(INd)", news->handle, make_address(&news->address), news->now);
    case SPEAKING:
        return Py_BuildValue("(IOi)", news->handle, news->speaking ? Py_True : Py_False, news->level);
    case DOMINANT:
        return Py_BuildValue("(KI)", (unsigned long long)news->room, news->handle);
    case NEWS_KINDS:
        break;
    }
    return NULL;
}

static PyObject *make_datagram(const void *record, size_t size)
{
    const struct address *from = record;
    const char *bytes = (const char *)record + sizeof *from;
    return Py_BuildValue("(Ny#)", make_address(from), bytes, (Py_ssize_t)(size - sizeof *from));
}

/* Takes `item`. False with an exception set. */
static bool append(PyObject *list, PyObject *item)
{
    bool done = item && PyList_Append(list, item) == 0;
    Py_XDECREF(item);
    return done;
}

static bool take_news(struct ring *ring, PyObject *const lists[NEWS_KINDS], long limit)
{
    size_t size;
    const struct news *record;
    bool done = true;
    for (; done && limit > 0 && (record = ring_peek(ring, &size)); limit--) {
        done = append(lists[record->kind], make_news(record));
        ring_pop(ring);
    }
    return done;
}

static bool take_datagrams(struct ring *ring, PyObject *list, long limit)
{
    size_t size;
    const void *record;
    bool done = true;
    for (; done && limit > 0 && (record = ring_peek(ring, &size)); limit--) {
        done = append(list, make_datagram(record, size));
        ring_pop(ring);
    }
    return done;
}

/* Frees peers that the loop has let go of, and names them. */
static bool take_released(struct object *self, PyObject *list)
{
    struct peer **at = &self->leaving;
    bool done = true;
    while (*at && done) {
        struct peer *peer = *at;
        if (atomic_load_explicit(&peer->is_released, memory_order_acquire)) {
            *at = peer->next_leaving;
            done = append(list, PyLong_FromUnsignedLong(peer->handle));
            peer_free(peer);
        } else {
            at = &peer->next_leaving;
        }
    }
    return done;
}

static PyObject *method_drain(struct object *self, PyObject *args)
{
    long limit;
    if (!PyArg_ParseTuple(args, "l", &limit))
        return NULL;
    if (self->loop->is_running)
        loop_acknowledge(self->loop);
    PyObject *found = Py_BuildValue("([][][][][])"), *lists[NEWS_KINDS];
    if (!found)
        return NULL;
    for (int kind = 0; kind < NEWS_KINDS; kind++)
        lists[kind] = PyTuple_GET_ITEM(found, kind);
    PyObject *datagrams = PyTuple_GET_ITEM(found, NEWS_KINDS), *released = PyTuple_GET_ITEM(found, NEWS_KINDS + 1);
    if (take_released(self, released) && take_news(&self->loop->news, lists, limit)
        && take_datagrams(&self->loop->datagrams, datagrams, limit))
        return found;
    Py_DECREF(found);
    return NULL;
}

static PyObject *make_rate(const _Atomic float *from)
{
    float value = atomic_load_explicit(from, memory_order_relaxed);
    if (value != value) /* not a number: unknown */
        Py_RETURN_NONE;
    return PyFloat_FromDouble(value);
}

static PyObject *method_quality(struct object *self, PyObject *args)
{
    unsigned handle;
    if (!PyArg_ParseTuple(args, "I", &handle))
        return NULL;
    const struct peer *peer = map_get(&self->peers, handle);
    if (!peer)
        Py_RETURN_NONE;
    const struct quality *quality = &peer->quality;
    return Py_BuildValue("(NNNNN)", make_rate(&quality->uplink_loss), make_rate(&quality->uplink_jitter),
        make_rate(&quality->downlink_loss), make_rate(&quality->downlink_jitter), make_rate(&quality->round_trip));
}

static bool set_total(PyObject *totals, const char *name, const counter *from)
{
    uint64_t value = atomic_load_explicit(from, memory_order_relaxed);
    PyObject *number = PyLong_FromUnsignedLongLong(value);
    bool done = number && PyDict_SetItemString(totals, name, number) == 0;
    Py_XDECREF(number);
    return done;
}

static PyObject *method_counters(struct object *self, PyObject *unused)
{
    (void)unused;
    const struct counters *counters = &self->loop->core.counters;
    PyObject *totals = PyDict_New(), *dropped = PyDict_New();
    bool done = totals && dropped && set_total(totals, "packets_in", &counters->packets_in)
        && set_total(totals, "packets_out", &counters->packets_out)
        && set_total(totals, "bytes_in", &counters->bytes_in) && set_total(totals, "bytes_out", &counters->bytes_out);
    for (int i = 0; done && i < DROP_COUNT; i++)
        done = set_total(dropped, DROP_TEXTS[i], &counters->dropped[i]);
    if (done)
        return Py_BuildValue("(NN)", totals, dropped);
    Py_XDECREF(totals);
    Py_XDECREF(dropped);
    return NULL;
}

static PyObject *method_traffic(struct object *self, PyObject *unused)
{
    (void)unused;
    const struct traffic *traffic = &self->loop->traffic;
    PyObject *totals = PyDict_New();
    if (totals && set_total(totals, "unsent", &traffic->unsent) && set_total(totals, "errors", &traffic->errors)
        && set_total(totals, "oversize", &traffic->oversize) && set_total(totals, "empty", &traffic->empty)
        && set_total(totals, "unknown_kind", &traffic->unknown_kind)
        && set_total(totals, "unknown_source", &traffic->unknown_source)
        && set_total(totals, "crowded_out", &traffic->crowded_out))
        return totals;
    Py_XDECREF(totals);
    return NULL;
}

/* Without a thread */

static void keep(struct outbox *outbox, void *context)
{
    struct object *self = context;
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct outgoing *item = &outbox->items[i];
        PyObject *packet = Py_BuildValue(
            "(y#N)", outbox->bytes + item->at, (Py_ssize_t)item->size, make_address(&item->to));
        if (!append(self->sent, packet))
            return; /* found by PyErr_Occurred */
    }
}

static PyObject *refuse_if_running(const struct object *self)
{
    return self->loop->is_running ? PyErr_Format(PyExc_RuntimeError, "the loop's thread receives") : Py_None;
}

static PyObject *method_receive(struct object *self, PyObject *args)
{
    alignas(16) uint8_t datagram[MAX_PACKET + SRTP_TRAILER];
    unsigned handle;
    const char *data, *host;
    Py_ssize_t size;
    int port;
    double now;
    struct address address;
    if (!refuse_if_running(self)
        || !PyArg_ParseTuple(args, "Iy#sid", &handle, &data, &size, &host, &port, &now)
        || !read_address(host, port, &address))
        return NULL;
    memcpy(datagram, data, size <= MAX_PACKET ? (size_t)size : 0);
    core_receive(&self->loop->core, handle, datagram, (size_t)size, &address, now);
    outbox_flush(&self->loop->outbox);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *method_tick(struct object *self, PyObject *args)
{
    double now;
    if (!refuse_if_running(self) || !PyArg_ParseTuple(args, "d", &now))
        return NULL;
    core_tick(&self->loop->core, now);
    outbox_flush(&self->loop->outbox);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *method_take_sent(struct object *self, PyObject *unused)
{
    (void)unused;
    PyObject *sent = self->sent;
    self->sent = PyList_New(0);
    return sent;
}

/* Life */

static PyObject *method_start(struct object *self, PyObject *args)
{
    int fd;
    if (!PyArg_ParseTuple(args, "i", &fd))
        return NULL;
    if (!loop_start(self->loop, fd))
        return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

static PyObject *method_stop(struct object *self, PyObject *unused)
{
    (void)unused;
    Py_BEGIN_ALLOW_THREADS
    loop_stop(self->loop);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyObject *method_fileno(struct object *self, PyObject *unused)
{
    (void)unused;
    return PyLong_FromLong(self->loop->news_fd);
}

static PyObject *object_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    unsigned long long protect, unprotect, protect_rtcp, unprotect_rtcp, init, update, final, control;
    struct core_options options = {0};
    int nack;
    if (keywords && PyDict_GET_SIZE(keywords))
        return PyErr_Format(PyExc_TypeError, "arguments go by position");
    if (!PyArg_ParseTuple(args, "(KKKK)(KKKK)pII", &protect, &unprotect, &protect_rtcp, &unprotect_rtcp, &init,
            &update, &final, &control, &nack, &options.forward_loudest, &options.capacity))
        return NULL;
    options.nack = nack;
    struct srtp_functions srtp = {
        (srtp_function)(uintptr_t)protect,
        (srtp_function)(uintptr_t)unprotect,
        (srtp_function)(uintptr_t)protect_rtcp,
        (srtp_function)(uintptr_t)unprotect_rtcp,
    };
    struct gcm_functions gcm = {0};
    gcm.init = (__typeof__(gcm.init))(uintptr_t)init;
    gcm.update = (__typeof__(gcm.update))(uintptr_t)update;
    gcm.final = (__typeof__(gcm.final))(uintptr_t)final;
    gcm.control = (__typeof__(gcm.control))(uintptr_t)control;
    struct object *self = (struct object *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->sent = PyList_New(0);
    struct loop *loop = aligned_alloc(alignof(struct loop), sizeof *loop);
    bool is_ready = self->sent && loop && map_init(&self->peers, options.capacity);
    if (!is_ready || !loop_init(loop, &options, &srtp, &gcm)) {
        free(loop);
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    self->loop = loop;
    loop->outbox.flush = keep;
    loop->outbox.context = self;
    return (PyObject *)self;
}

static void object_dealloc(struct object *self)
{
    if (self->loop) {
        Py_BEGIN_ALLOW_THREADS
        loop_stop(self->loop);
        Py_END_ALLOW_THREADS
        loop_free(self->loop);
        free(self->loop);
    }
    for (size_t i = 0; self->peers.entries && i <= self->peers.mask; i++)
        if (self->peers.entries[i].key)
            peer_free(self->peers.entries[i].value);
    map_free(&self->peers);
    while (self->leaving) {
        struct peer *peer = self->leaving;
        self->leaving = peer->next_leaving;
        peer_free(peer);
    }
    Py_XDECREF(self->sent);
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

#define METHOD(name, flags) {#name, (PyCFunction)(void (*)(void))method_##name, flags, NULL}

static PyMethodDef METHODS[] = {
    METHOD(add_peer, METH_VARARGS),
    METHOD(set_answer, METH_VARARGS),
    METHOD(set_sessions, METH_VARARGS),
    METHOD(set_destination, METH_VARARGS),
    METHOD(set_muted, METH_VARARGS),
    METHOD(assign, METH_VARARGS),
    METHOD(remove_peer, METH_VARARGS),
    METHOD(open_route, METH_VARARGS),
    METHOD(close_route, METH_VARARGS),
    METHOD(drain, METH_VARARGS),
    METHOD(quality, METH_VARARGS),
    METHOD(counters, METH_NOARGS),
    METHOD(traffic, METH_NOARGS),
    METHOD(receive, METH_VARARGS),
    METHOD(tick, METH_VARARGS),
    METHOD(take_sent, METH_NOARGS),
    METHOD(start, METH_VARARGS),
    METHOD(stop, METH_NOARGS),
    METHOD(fileno, METH_NOARGS),
    {NULL, NULL, 0, NULL},
};

static PyType_Slot SLOTS[] = {
    {Py_tp_new, object_new},
    {Py_tp_dealloc, object_dealloc},
    {Py_tp_methods, METHODS},
    {0, NULL},
};

static PyType_Spec SPEC = {
    .name = "server.sfu.fastpath._loop.Loop",
    .basicsize = sizeof(struct object),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = SLOTS,
};

static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, .m_name = "_loop", .m_size = -1};

PyMODINIT_FUNC PyInit__loop(void)
{
    PyObject *module = PyModule_Create(&MODULE);
    if (!module)
        return NULL;
    PyObject *type = PyType_FromSpec(&SPEC);
    if (!type || PyModule_AddObjectRef(module, "Loop", type) < 0) {
        Py_XDECREF(type);
        Py_DECREF(module);
        return NULL;
    }
    Py_DECREF(type);
    return module;
}
