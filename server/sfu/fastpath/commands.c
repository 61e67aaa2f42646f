/* Commands from Python: each method sends one record to the data plane. */
#include <errno.h>
#include <sys/random.h>
#include <time.h>

#include "bindings.h"

#define RETRY_NANOSECONDS 200000

static void give_with(struct object *self, const struct command *command, const void *body, size_t body_size)
{
    while (!data_plane_command(self->plane, command, body, body_size)) {
        struct timespec moment = {0, RETRY_NANOSECONDS};
        Py_BEGIN_ALLOW_THREADS
        nanosleep(&moment, NULL);
        Py_END_ALLOW_THREADS
    }
    if (!self->plane->is_running)
        outbox_flush(&self->plane->outbox);
}

static void give(struct object *self, const struct command *command) { give_with(self, command, NULL, 0); }

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

PyObject *method_add_peer(struct object *self, PyObject *args)
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
        .track = MICROPHONE,
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

PyObject *method_set_answer(struct object *self, PyObject *args)
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

PyObject *method_set_sessions(struct object *self, PyObject *args)
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

PyObject *method_set_destination(struct object *self, PyObject *args)
{
    unsigned handle;
    const char *host;
    int port, is_tcp;
    if (!PyArg_ParseTuple(args, "Izip", &handle, &host, &port, &is_tcp))
        return NULL;
    struct command command = {.kind = SET_DESTINATION, .handle = handle, .has_address = host != NULL};
    if (host && !read_address(host, port, is_tcp, &command.address))
        return NULL;
    return finish(self, &command);
}

PyObject *method_set_consent(struct object *self, PyObject *args)
{
    struct command command = {.kind = SET_CONSENT};
    const char *name, *password;
    Py_ssize_t name_size, password_size;
    if (!PyArg_ParseTuple(args, "Iy#y#", &command.handle, &name, &name_size, &password, &password_size))
        return NULL;
    if (name_size <= CONSENT_NAME && password_size <= CONSENT_PASSWORD) {
        command.consent.name_size = (unsigned)name_size;
        command.consent.password_size = (unsigned)password_size;
        memcpy(command.consent.name, name, (size_t)name_size);
        memcpy(command.consent.password, password, (size_t)password_size);
    }
    return finish(self, &command);
}

PyObject *method_set_muted(struct object *self, PyObject *args)
{
    struct command command = {.kind = SET_MUTED};
    int muted, at_once;
    if (!PyArg_ParseTuple(args, "Ippd", &command.handle, &muted, &at_once, &command.now))
        return NULL;
    command.muted = muted;
    command.at_once = at_once;
    return finish(self, &command);
}

PyObject *method_assign(struct object *self, PyObject *args)
{
    struct command command = {.kind = ASSIGN};
    PyObject *publishers;
    int takes_away;
    if (!PyArg_ParseTuple(args, "IOpd", &command.handle, &publishers, &takes_away, &command.now))
        return NULL;
    command.slots.takes_away = takes_away;
    int count = read_numbers(publishers, command.slots.publishers);
    if (count < 0)
        return NULL;
    command.slots.count = (unsigned)count;
    return finish(self, &command);
}

PyObject *method_remove_peer(struct object *self, PyObject *args)
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
    int port, is_tcp;
    if (!PyArg_ParseTuple(args, "sipI", &host, &port, &is_tcp, &command.handle))
        return NULL;
    if (!read_address(host, port, is_tcp, &command.address))
        return NULL;
    return finish(self, &command);
}

PyObject *method_open_route(struct object *self, PyObject *args) { return route(self, args, OPEN_ROUTE); }

PyObject *method_close_route(struct object *self, PyObject *args) { return route(self, args, CLOSE_ROUTE); }

PyObject *method_open_stream(struct object *self, PyObject *args)
{
    struct command command = {.kind = OPEN_STREAM};
    const char *host;
    int port;
    if (!PyArg_ParseTuple(args, "sii", &host, &port, &command.fd) || !read_address(host, port, true, &command.address))
        return NULL;
    return finish(self, &command);
}

PyObject *method_close_stream(struct object *self, PyObject *args)
{
    struct command command = {.kind = CLOSE_STREAM};
    const char *host;
    int port;
    if (!PyArg_ParseTuple(args, "si", &host, &port) || !read_address(host, port, true, &command.address))
        return NULL;
    return finish(self, &command);
}

PyObject *method_send_stream(struct object *self, PyObject *args)
{
    struct command command = {.kind = SEND_STREAM};
    const char *host, *data;
    int port;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "siy#", &host, &port, &data, &size) || !read_address(host, port, true, &command.address))
        return NULL;
    give_with(self, &command, data, (size_t)size);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}
