/* For Python: events, datagrams that are not RTP, totals. */
#include "bindings.h"

static const char *const DROP_TEXTS[] = DROP_NAMES;

static PyObject *make_event(const struct event *event)
{
    switch (event->kind) {
    case ALIVE:
        return Py_BuildValue("(INd)", event->handle, make_address(&event->address), event->now);
    case SPEAKING:
        return Py_BuildValue("(IOi)", event->handle, event->speaking ? Py_True : Py_False, event->level);
    case DOMINANT:
        return Py_BuildValue("(KI)", (unsigned long long)event->room, event->handle);
    case CONSENT_CHECKED:
        return Py_BuildValue("(INOd)", event->handle, make_address(&event->address),
            event->nominates ? Py_True : Py_False, event->now);
    case STREAM_CLOSED:
        return make_address(&event->address);
    case ADD_FAILED:
        return PyLong_FromUnsignedLong(event->handle);
    case EVENT_KINDS:
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

static bool take_events(struct ring *ring, PyObject *const lists[EVENT_KINDS], long limit)
{
    size_t size;
    const struct event *record;
    bool done = true;
    for (; done && limit > 0 && (record = ring_peek(ring, &size)); limit--) {
        done = append(lists[record->kind], make_event(record));
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

/* Frees released peers and appends their handles. */
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

PyObject *method_drain(struct object *self, PyObject *args)
{
    long limit;
    if (!PyArg_ParseTuple(args, "l", &limit))
        return NULL;
    if (self->plane->is_running)
        data_plane_acknowledge(self->plane);
    PyObject *found = Py_BuildValue("([][][][][][][][])"), *lists[EVENT_KINDS];
    if (!found)
        return NULL;
    for (int kind = 0; kind < EVENT_KINDS; kind++)
        lists[kind] = PyTuple_GET_ITEM(found, kind);
    PyObject *datagrams = PyTuple_GET_ITEM(found, EVENT_KINDS), *released = PyTuple_GET_ITEM(found, EVENT_KINDS + 1);
    if (take_released(self, released) && take_events(&self->plane->events, lists, limit)
        && take_datagrams(&self->plane->datagrams, datagrams, limit))
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

PyObject *method_quality(struct object *self, PyObject *args)
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

PyObject *method_counters(struct object *self, PyObject *unused)
{
    (void)unused;
    const struct counters *counters = &self->plane->core.counters;
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

PyObject *method_traffic(struct object *self, PyObject *unused)
{
    (void)unused;
    const struct traffic *traffic = &self->plane->traffic;
    PyObject *totals = PyDict_New();
    if (totals && set_total(totals, "unsent", &traffic->unsent)
        && set_total(totals, "unsent_tcp", &traffic->unsent_tcp) && set_total(totals, "errors", &traffic->errors)
        && set_total(totals, "oversize", &traffic->oversize) && set_total(totals, "empty", &traffic->empty)
        && set_total(totals, "unknown_kind", &traffic->unknown_kind)
        && set_total(totals, "unknown_source", &traffic->unknown_source)
        && set_total(totals, "crowded_out", &traffic->crowded_out))
        return totals;
    Py_XDECREF(totals);
    return NULL;
}
