#include "base/write_ahead.h"

#include <pthread.h>

#include "base/alloc.h"

struct tu_write_ahead {
	enum tu_status (*write)(void *context, struct tu_str piece, struct tu_error *err);
	void *context;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t news; /* the block is full, or free again */
	bool full; /* the block is the thread's; else the caller's */
	bool ended; /* nothing more will come */
	struct tu_buf block;
	struct tu_error problem; /* the first failure */
};

/* False: all is written. */
static bool wait_for_block(struct tu_write_ahead *a)
{
	bool full;

	(void)pthread_mutex_lock(&a->lock);
	while (!a->full && !a->ended)
		(void)pthread_cond_wait(&a->news, &a->lock);
	full = a->full;
	(void)pthread_mutex_unlock(&a->lock);
	return full;
}

static void wait_for_room(struct tu_write_ahead *a)
{
	(void)pthread_mutex_lock(&a->lock);
	while (a->full)
		(void)pthread_cond_wait(&a->news, &a->lock);
	(void)pthread_mutex_unlock(&a->lock);
}

static void set_full(struct tu_write_ahead *a, bool full)
{
	(void)pthread_mutex_lock(&a->lock);
	a->full = full;
	(void)pthread_cond_signal(&a->news);
	(void)pthread_mutex_unlock(&a->lock);
}

static void *work(void *context)
{
	struct tu_write_ahead *a = context;

	while (wait_for_block(a)) {
		if (!a->problem.status)
			(void)a->write(a->context, tu_buf_str(&a->block), &a->problem);
		set_full(a, false);
	}
	return NULL;
}

static void release(struct tu_write_ahead *a)
{
	(void)pthread_cond_destroy(&a->news);
	(void)pthread_mutex_destroy(&a->lock);
	tu_buf_done(&a->block);
	tu_free(a);
}

struct tu_write_ahead *tu_write_ahead_new(
	enum tu_status (*write)(void *context, struct tu_str piece, struct tu_error *err),
	void *context, size_t bytes)
{
	struct tu_write_ahead *a = tu_alloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->write = write;
	a->context = context;
	tu_buf_init(&a->block, bytes);
	(void)pthread_mutex_init(&a->lock, NULL);
	(void)pthread_cond_init(&a->news, NULL);
	if (tu_buf_reserve(&a->block, bytes) && pthread_create(&a->thread, NULL, work, a) == 0)
		return a;
	release(a);
	return NULL;
}

static enum tu_status first_failure(const struct tu_write_ahead *a, struct tu_error *err)
{
	if (a->problem.status && err)
		*err = a->problem;
	return a->problem.status;
}

enum tu_status tu_write_ahead_add(void *ahead, struct tu_str piece, struct tu_error *err)
{
	struct tu_write_ahead *a = ahead;

	while (piece.len) {
		struct tu_str part = tu_str_first(piece, a->block.ceiling);

		wait_for_room(a);
		if (a->problem.status)
			return first_failure(a, err);
		tu_buf_clear(&a->block);
		tu_buf_str_add(&a->block, part);
		set_full(a, true);
		piece = tu_str_from(piece, part.len);
	}
	return TU_OK;
}

enum tu_status tu_write_ahead_end(struct tu_write_ahead *a, struct tu_error *err)
{
	enum tu_status status;

	if (!a)
		return TU_OK;
	(void)pthread_mutex_lock(&a->lock);
	a->ended = true;
	(void)pthread_cond_signal(&a->news);
	(void)pthread_mutex_unlock(&a->lock);
	(void)pthread_join(a->thread, NULL);
	status = first_failure(a, err);
	release(a);
	return status;
}
