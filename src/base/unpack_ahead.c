#include "base/unpack_ahead.h"

#include <pthread.h>

#include "base/alloc.h"
#include "base/input_file.h"

struct tu_unpack_ahead {
	struct tu_unpack *unpack;
	size_t bytes;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t news; /* the block is full, or free again */
	bool full; /* the block is the reader's; else the thread's */
	bool stopped;
	struct tu_buf block;
	bool ended;
	enum tu_status status;
	struct tu_error problem;
};

/* False: there is nothing more to do. */
static bool wait_for_room(struct tu_unpack_ahead *a)
{
	bool stopped;

	(void)pthread_mutex_lock(&a->lock);
	while (a->full && !a->stopped)
		(void)pthread_cond_wait(&a->news, &a->lock);
	stopped = a->stopped;
	(void)pthread_mutex_unlock(&a->lock);
	return !stopped;
}

static void set_full(struct tu_unpack_ahead *a, bool full)
{
	(void)pthread_mutex_lock(&a->lock);
	a->full = full;
	(void)pthread_cond_signal(&a->news);
	(void)pthread_mutex_unlock(&a->lock);
}

static void *work(void *context)
{
	struct tu_unpack_ahead *a = context;
	bool more = true;

	while (more && wait_for_room(a)) {
		tu_buf_clear(&a->block);
		a->status = tu_unpack_some(a->unpack, &a->block, a->bytes, &a->ended, &a->problem);
		more = a->status == TU_OK && !a->ended;
		set_full(a, true);
	}
	return NULL;
}

struct tu_unpack_ahead *tu_unpack_ahead_new(struct tu_unpack *unpack, size_t bytes)
{
	struct tu_unpack_ahead *a = tu_alloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->unpack = unpack;
	a->bytes = bytes;
	tu_buf_init(&a->block, bytes);
	(void)pthread_mutex_init(&a->lock, NULL);
	(void)pthread_cond_init(&a->news, NULL);
	if (pthread_create(&a->thread, NULL, work, a) == 0)
		return a;
	(void)pthread_cond_destroy(&a->news);
	(void)pthread_mutex_destroy(&a->lock);
	tu_free(a);
	return NULL;
}

static enum tu_status take(
	const struct tu_unpack_ahead *a, struct tu_buf *out, struct tu_error *err)
{
	if (out->len > out->ceiling || a->block.len > out->ceiling - out->len)
		return tu_input__fail_bytes(out->ceiling, err);
	tu_buf_add(out, a->block.ptr, a->block.len);
	if (out->failed)
		return tu_no_memory(err);
	if (a->status && err)
		*err = a->problem;
	return a->status;
}

enum tu_status tu_unpack_ahead_next(
	struct tu_unpack_ahead *a, struct tu_buf *out, bool *out_ended, struct tu_error *err)
{
	enum tu_status status;

	(void)pthread_mutex_lock(&a->lock);
	while (!a->full)
		(void)pthread_cond_wait(&a->news, &a->lock);
	(void)pthread_mutex_unlock(&a->lock);
	*out_ended = a->ended;
	status = take(a, out, err);
	set_full(a, false);
	return status;
}

void tu_unpack_ahead_free(struct tu_unpack_ahead *a)
{
	if (!a)
		return;
	(void)pthread_mutex_lock(&a->lock);
	a->stopped = true;
	(void)pthread_cond_signal(&a->news);
	(void)pthread_mutex_unlock(&a->lock);
	(void)pthread_join(a->thread, NULL);
	(void)pthread_cond_destroy(&a->news);
	(void)pthread_mutex_destroy(&a->lock);
	tu_buf_done(&a->block);
	tu_free(a);
}
