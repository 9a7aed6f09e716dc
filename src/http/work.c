#include <unistd.h>

#include "base/alloc.h"
#include "http/internal.h"

enum { ARENA_MAX = 64 << 20 };

bool tu_http__work_offer(struct tu_http *server, struct tu_http_exchange *exchange)
{
	struct tu_http_work *work = &server->work;
	bool room;

	pthread_mutex_lock(&work->mutex);
	room = work->waiting < work->waiting_max;
	if (room) {
		if (work->last)
			work->last->next = exchange;
		else
			work->first = exchange;
		work->last = exchange;
		work->waiting++;
		pthread_cond_signal(&work->more);
	}
	pthread_mutex_unlock(&work->mutex);
	return room;
}

/* NULL: the end. */
static struct tu_http_exchange *next(struct tu_http_work *work)
{
	struct tu_http_exchange *x;

	pthread_mutex_lock(&work->mutex);
	while (!work->first && !work->ended)
		pthread_cond_wait(&work->more, &work->mutex);
	x = work->first;
	if (x) {
		work->first = x->next;
		if (!work->first)
			work->last = NULL;
		work->waiting--;
	}
	pthread_mutex_unlock(&work->mutex);
	return x;
}

void tu_http__run(struct tu_http_exchange *exchange, struct tu_arena *arena)
{
	struct tu_http *server = exchange->server;
	struct tu_http_request *request = &exchange->request;
	struct tu_http_answer answer = {.status = 204, .fd = -1};

	tu_buf_init(&answer.body, SIZE_MAX);
	request->arena = arena;
	server->handle(server->self, request, &answer);
	exchange->who_len =
		request->who.len < sizeof(exchange->who) ? request->who.len : sizeof(exchange->who);
	if (exchange->who_len > 0)
		memcpy(exchange->who, request->who.ptr, exchange->who_len);
	tu_http__respond(exchange, &answer);
	request->arena = NULL;
	tu_http__let_body_go(exchange);
}

/* After the resumption the exchange is its loop's. */
static void work_on(struct tu_http *server, struct tu_http_exchange *x, struct tu_arena *arena)
{
	struct MHD_Connection *mhd = x->mhd;

	if (atomic_load(&server->closing) || tu_http__now() > x->request.deadline) {
		tu_http__add(server, TU_HTTP_OVERLOADED, 1);
		tu_http__refuse(x, 503, "no worker was free in time", 1);
	} else {
		tu_http__run(x, arena);
	}
	tu_arena_reset(arena);
	x->step = TU_HTTP_STEP_ANSWER;
	server->mhd->MHD_resume_connection(mhd);
	atomic_fetch_sub(&server->working, 1);
}

static void *worker(void *arg)
{
	struct tu_http *server = arg;
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	struct tu_http_exchange *x;

	while ((x = next(&server->work)) != NULL)
		work_on(server, x, arena);
	tu_arena_free(arena);
	return NULL;
}

enum tu_status tu_http__work_start(struct tu_http *server, size_t threads, struct tu_error *err)
{
	struct tu_http_work *work = &server->work;

	work->threads = tu_alloc(threads, sizeof(*work->threads));
	if (!work->threads)
		return tu_no_memory(err);
	while (work->thread_count < threads) {
		if (pthread_create(&work->threads[work->thread_count], NULL, worker, server) != 0)
			return tu_fail(err, TU_E_IO, 0, "cannot start a worker");
		work->thread_count++;
	}
	return TU_OK;
}

void tu_http__work_stop(struct tu_http *server)
{
	struct tu_http_work *work = &server->work;

	pthread_mutex_lock(&work->mutex);
	work->ended = true;
	pthread_cond_broadcast(&work->more);
	pthread_mutex_unlock(&work->mutex);
	for (size_t i = 0; i < work->thread_count; i++)
		pthread_join(work->threads[i], NULL);
	tu_free(work->threads);
	work->threads = NULL;
	work->thread_count = 0;
}
