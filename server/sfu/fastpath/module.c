/* Python bindings of the data plane: `server.sfu.fastpath._native`, described in `_native.pyi`. */
#include <stdlib.h>

#include "bindings.h"

/* Without a thread */

static void keep(struct outbox *outbox, void *context)
{
    struct object *self = context;
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct outgoing *item = &outbox->items[i];
        PyObject *packet = Py_BuildValue(
            "(y#N)", outbox->bytes + item->at, (Py_ssize_t)item->size, make_address(&item->to));
        if (!append(self->sent, packet))
            return; /* the caller checks PyErr_Occurred */
    }
}

static PyObject *refuse_if_running(const struct object *self)
{
    return self->plane->is_running ? PyErr_Format(PyExc_RuntimeError, "the media thread receives") : Py_None;
}

static PyObject *method_receive(struct object *self, PyObject *args)
{
    alignas(16) uint8_t datagram[MAX_PACKET + SRTP_TRAILER];
    unsigned handle;
    const char *data, *host;
    Py_ssize_t size;
    int port, is_tcp;
    double now;
    struct address address;
    if (!refuse_if_running(self)
        || !PyArg_ParseTuple(args, "Iy#sipd", &handle, &data, &size, &host, &port, &is_tcp, &now)
        || !read_address(host, port, is_tcp, &address))
        return NULL;
    memcpy(datagram, data, size <= MAX_PACKET ? (size_t)size : 0);
    core_receive(&self->plane->core, handle, datagram, (size_t)size, &address, now);
    outbox_flush(&self->plane->outbox);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *method_tick(struct object *self, PyObject *args)
{
    double now;
    if (!refuse_if_running(self) || !PyArg_ParseTuple(args, "d", &now))
        return NULL;
    core_tick(&self->plane->core, now);
    outbox_flush(&self->plane->outbox);
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
    if (!data_plane_start(self->plane, fd))
        return PyErr_SetFromErrno(PyExc_OSError);
    return PyBool_FromLong(data_plane_has_control_queue(self->plane));
}

static PyObject *method_stop(struct object *self, PyObject *unused)
{
    (void)unused;
    Py_BEGIN_ALLOW_THREADS
    data_plane_stop(self->plane);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyObject *method_fileno(struct object *self, PyObject *unused)
{
    (void)unused;
    return PyLong_FromLong(self->plane->event_fd);
}

static PyObject *object_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    unsigned long long protect, unprotect, protect_rtcp, unprotect_rtcp, init, update, final, control,
        hmac, sha1;
    struct core_options options = {0};
    int nack;
    if (keywords && PyDict_GET_SIZE(keywords))
        return PyErr_Format(PyExc_TypeError, "arguments go by position");
    if (!PyArg_ParseTuple(args, "(KKKK)(KKKK)(KK)pII", &protect, &unprotect, &protect_rtcp, &unprotect_rtcp, &init,
            &update, &final, &control, &hmac, &sha1, &nack, &options.forward_loudest, &options.capacity))
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
    struct mac mac = {.sha1 = (const void *)(uintptr_t)sha1};
    mac.hmac = (__typeof__(mac.hmac))(uintptr_t)hmac;
    struct object *self = (struct object *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->sent = PyList_New(0);
    struct data_plane *plane = aligned_alloc(alignof(struct data_plane), sizeof *plane);
    bool is_ready = self->sent && plane && map_init(&self->peers, options.capacity);
    if (!is_ready || !data_plane_init(plane, &options, &srtp, &gcm, &mac)) {
        free(plane);
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    self->plane = plane;
    plane->outbox.flush = keep;
    plane->outbox.context = self;
    return (PyObject *)self;
}

static void object_dealloc(struct object *self)
{
    if (self->plane) {
        Py_BEGIN_ALLOW_THREADS
        data_plane_stop(self->plane);
        Py_END_ALLOW_THREADS
        data_plane_free(self->plane);
        free(self->plane);
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
    METHOD(set_consent, METH_VARARGS),
    METHOD(set_muted, METH_VARARGS),
    METHOD(assign, METH_VARARGS),
    METHOD(remove_peer, METH_VARARGS),
    METHOD(open_route, METH_VARARGS),
    METHOD(close_route, METH_VARARGS),
    METHOD(open_stream, METH_VARARGS),
    METHOD(close_stream, METH_VARARGS),
    METHOD(send_stream, METH_VARARGS),
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
    .name = "server.sfu.fastpath._native.DataPlane",
    .basicsize = sizeof(struct object),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = SLOTS,
};

static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, .m_name = "_native", .m_size = -1};

/* Raise it with every change of the methods: forwarder.py has the same number. */
enum { INTERFACE = 2 };

PyMODINIT_FUNC PyInit__native(void)
{
    PyObject *module = PyModule_Create(&MODULE);
    if (!module)
        return NULL;
    PyObject *type = PyType_FromSpec(&SPEC);
    if (!type || PyModule_AddObjectRef(module, "DataPlane", type) < 0) {
        Py_XDECREF(type);
        Py_DECREF(module);
        return NULL;
    }
    Py_DECREF(type);
    if (PyModule_AddIntConstant(module, "INTERFACE", INTERFACE) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
