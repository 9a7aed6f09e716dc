#include "kb/pool.h"

#include <pthread.h>

#include "base/alloc.h"
#include "base/fault.h"
#include "kb/reading.h"
#include "kb/record.h"

enum {
	THREADS_MAX = 64,
	JOBS = 64, /* named and not taken yet */
	JOB_FILES = 64, /* small files are read some at a time */
	JOB_BYTES = 1 << 20,
	SMALL = 64 << 10, /* a file of more bytes is weighed */
	/* of the documents that are read at a time, unless it is one; where there are more than two
	 * readers, each of which has more than its document, half of it */
	WEIGHT_MAX = 128 << 20,
	HEAVY = 32 << 20, /* what a job of this weight leaves to the C library is given back */
	AHEAD = 6, /* chunks that wait, of all jobs... */
	AHEAD_FIRST = 3, /* ...and of the job whose turn it is, in any case */
	SPARE_BYTES = 4 << 20 /* a chunk that once held more is not used again */
};

/* Files of one input that follow each other. */
struct job {
	const char *input;
	struct tu_buf paths; /* a NUL after each */
	size_t files, bytes;
	size_t weight; /* tu_input_weight() of them */
	/* what it gave and was not taken yet */
	struct tu_kb_chunk *first, *last;
	size_t waiting;
	bool done;
	enum tu_status status; /* when done: why it was not read to its end, and... */
	struct tu_error problem;
};

struct worker {
	struct tu_kb_pool *pool;
	struct tu_kb_recorder recorder;
	struct tu_kb_intake intake;
	struct tu_kb_reading reading;
	struct job *job;
	pthread_t thread;
};

struct tu_kb_pool {
	struct tu_kb_pool_setup setup;
	struct worker workers[THREADS_MAX];
	size_t started;
	struct tu_buf document; /* the name of the one that is being taken */
	bool open; /* the last job takes more files */
	/* all that follows, and what jobs gave: under the lock */
	pthread_mutex_t lock;
	pthread_cond_t to_do; /* for workers: a job, or room for a chunk */
	pthread_cond_t news; /* for who takes: a chunk, or the end of a job */
	struct job jobs[JOBS]; /* by number modulo JOBS */
	size_t taken, begun, named; /* numbers of jobs */
	size_t waiting; /* chunks of all jobs */
	size_t weight; /* of the jobs that are being read */
	struct tu_kb_chunk *spare;
	bool ended; /* no job will be named any more */
	bool stopped;
};

static void lock(struct tu_kb_pool *pool)
{
	(void)pthread_mutex_lock(&pool->lock);
}

static void unlock(struct tu_kb_pool *pool)
{
	(void)pthread_mutex_unlock(&pool->lock);
}

static struct job *job_at(struct tu_kb_pool *pool, size_t number)
{
	return &pool->jobs[number % JOBS];
}

/* ---- reading: in the threads of the pool ---- */

/* With the lock. The job whose turn it is must always come to its end: others wait for it. */
static bool has_room(struct tu_kb_pool *pool, const struct job *job)
{
	return pool->waiting < AHEAD ||
		(job == job_at(pool, pool->taken) && job->waiting < AHEAD_FIRST);
}

/* With the lock. */
static void put_chunk(struct tu_kb_pool *pool, struct job *job, struct tu_kb_chunk *chunk)
{
	chunk->next = NULL;
	if (job->last)
		job->last->next = chunk;
	else
		job->first = chunk;
	job->last = chunk;
	job->waiting++;
	pool->waiting++;
}

/* Hand on the chunk, if there is one, and get another when there is room. */
static enum tu_status turn(struct tu_kb_recorder *recorder)
{
	struct worker *w = recorder->context;
	struct tu_kb_pool *pool = w->pool;
	bool stopped;

	lock(pool);
	if (recorder->chunk) {
		put_chunk(pool, w->job, recorder->chunk);
		(void)pthread_cond_signal(&pool->news);
	}
	while (!pool->stopped && !has_room(pool, w->job))
		(void)pthread_cond_wait(&pool->to_do, &pool->lock);
	stopped = pool->stopped;
	recorder->chunk = stopped ? NULL : pool->spare;
	if (recorder->chunk)
		pool->spare = recorder->chunk->next;
	unlock(pool);
	if (stopped)
		return TU_E_CANCELLED;
	if (recorder->chunk)
		tu_kb__chunk_clear(recorder->chunk);
	else
		recorder->chunk = tu_kb__chunk_new();
	return recorder->chunk ? TU_OK : TU_E_NOMEM;
}

static enum tu_status read_files(struct worker *w, struct tu_error *err)
{
	struct tu_kb_reading *reading = &w->reading;
	const struct tu_input_walk walk = tu_kb__reading_walk(reading, w->pool->setup.unpacked_max);
	const char *path = w->job->paths.ptr;
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < w->job->files; i++, path += strlen(path) + 1) {
		enum tu_status reported;

		reading->unpacked = reading->reported = 0;
		status = tu_input_file(path, &walk, err);
		reported = tu_kb__reading_report(reading, status ? NULL : err);
		if (!status)
			status = reported;
	}
	return status;
}

static void do_job(struct worker *w)
{
	struct tu_kb_pool *pool = w->pool;
	struct job *job = w->job;
	struct tu_kb_recorder *recorder = &w->recorder;
	enum tu_status status;

	recorder->chunk = NULL;
	recorder->status = turn(recorder);
	status = recorder->status ? recorder->status : read_files(w, &job->problem);
	if (job->weight >= HEAVY)
		tu_alloc_trim();
	lock(pool);
	if (recorder->chunk)
		put_chunk(pool, job, recorder->chunk);
	recorder->chunk = NULL;
	/* problems and broken files have no status of their own */
	job->status = status ? status : recorder->status;
	job->done = true;
	pool->weight -= job->weight;
	(void)pthread_cond_signal(&pool->news);
	(void)pthread_cond_broadcast(&pool->to_do);
	unlock(pool);
}

/* With the lock. Steps over what needs no reading. */
static bool has_job(struct tu_kb_pool *pool)
{
	if (pool->begun < pool->taken)
		pool->begun = pool->taken;
	while (pool->begun < pool->named && job_at(pool, pool->begun)->done)
		pool->begun++;
	return pool->begun < pool->named;
}

/* With the lock. May the next job be read beside those that are being read? */
static bool fits(struct tu_kb_pool *pool)
{
	size_t weight = job_at(pool, pool->begun)->weight;
	size_t most = pool->setup.threads > 2 ? WEIGHT_MAX / 2 : WEIGHT_MAX;

	return pool->weight == 0 || (weight < most && pool->weight < most - weight);
}

/* False: there is nothing more to do. */
static bool begin_job(struct worker *w)
{
	struct tu_kb_pool *pool = w->pool;

	w->job = NULL;
	lock(pool);
	while (!pool->stopped && (has_job(pool) ? !fits(pool) : !pool->ended))
		(void)pthread_cond_wait(&pool->to_do, &pool->lock);
	if (!pool->stopped && has_job(pool)) {
		w->job = job_at(pool, pool->begun++);
		pool->weight += w->job->weight;
	}
	unlock(pool);
	return w->job != NULL;
}

static void *work(void *context)
{
	struct worker *w = context;

	while (begin_job(w))
		do_job(w);
	return NULL;
}

/* ---- taking: in the thread of who made the pool ---- */

/* The next chunk of the job whose turn it is; NULL: it is done. */
static struct tu_kb_chunk *next_chunk(struct tu_kb_pool *pool, struct job *job)
{
	struct tu_kb_chunk *chunk;

	lock(pool);
	while (!job->first && !job->done)
		(void)pthread_cond_wait(&pool->news, &pool->lock);
	chunk = job->first;
	if (chunk) {
		job->first = chunk->next;
		if (!job->first)
			job->last = NULL;
	}
	unlock(pool);
	return chunk;
}

static void give_back(struct tu_kb_pool *pool, struct job *job, struct tu_kb_chunk *chunk)
{
	bool large = tu_arena_used(chunk->arena) > SPARE_BYTES;

	lock(pool);
	job->waiting--;
	pool->waiting--;
	if (!large) {
		chunk->next = pool->spare;
		pool->spare = chunk;
	}
	(void)pthread_cond_broadcast(&pool->to_do);
	unlock(pool);
	if (large)
		tu_kb__chunk_free(chunk);
}

static enum tu_status end_job(struct tu_kb_pool *pool, struct job *job, struct tu_error *err)
{
	enum tu_status status = job->status;

	if (status && err)
		*err = job->problem;
	if (status == TU_E_NOMEM)
		(void)tu_no_memory(err);
	tu_buf_done(&job->paths);
	lock(pool);
	*job = (struct job){0};
	pool->taken++;
	(void)pthread_cond_broadcast(&pool->to_do);
	unlock(pool);
	return status;
}

static enum tu_status take_job(struct tu_kb_pool *pool, struct tu_error *err)
{
	struct job *job = job_at(pool, pool->taken);
	struct tu_kb_chunk *chunk;

	pool->setup.input(pool->setup.to->sink.context, job->input);
	while ((chunk = next_chunk(pool, job)) != NULL) {
		enum tu_status status = tu_kb__chunk_play(chunk, pool->setup.to, err);

		give_back(pool, job, chunk);
		if (status)
			return status;
	}
	return end_job(pool, job, err);
}

/* ---- naming ---- */

/* Nothing will be added to the last job: it can be read. */
static void publish(struct tu_kb_pool *pool)
{
	if (!pool->open)
		return;
	pool->open = false;
	lock(pool);
	pool->named++;
	(void)pthread_cond_broadcast(&pool->to_do);
	unlock(pool);
}

/* A new last job. */
static enum tu_status open_job(
	struct tu_kb_pool *pool, const char *input, struct job **out_job, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	publish(pool);
	if (pool->named - pool->taken == JOBS)
		status = take_job(pool, err);
	*out_job = job_at(pool, pool->named);
	**out_job = (struct job){.input = input};
	tu_buf_init(&(*out_job)->paths, SIZE_MAX / 2);
	pool->open = status == TU_OK;
	return status;
}

static size_t weigh(const struct tu_kb_pool *pool, const char *path, size_t bytes)
{
	bool (*in_lines)(struct tu_str beginning) =
		pool->setup.whole ? NULL : tu_kb__reading_in_lines;
	size_t weight;

	if (bytes <= SMALL)
		return bytes;
	weight = bytes == SIZE_MAX ? WEIGHT_MAX : tu_input_weight(path, bytes, in_lines);
	return weight < WEIGHT_MAX ? weight : WEIGHT_MAX;
}

enum tu_status tu_kb__pool_file(struct tu_kb_pool *pool, const char *input, const char *path,
	size_t bytes, struct tu_error *err)
{
	struct job *job = job_at(pool, pool->named);
	bool alone = bytes >= JOB_BYTES;
	enum tu_status status = TU_OK;

	if (!pool->open || alone || job->input != input)
		status = open_job(pool, input, &job, err);
	if (status)
		return status;
	tu_buf_add(&job->paths, path, strlen(path) + 1);
	if (job->paths.failed)
		return tu_no_memory(err);
	job->files++;
	job->bytes += alone ? JOB_BYTES : bytes;
	job->weight += weigh(pool, path, bytes);
	if (job->bytes >= JOB_BYTES || job->files >= JOB_FILES)
		publish(pool);
	return TU_OK;
}

enum tu_status tu_kb__pool_broken(struct tu_kb_pool *pool, const char *input, struct tu_str name,
	const struct tu_error *problem, struct tu_error *err)
{
	struct tu_kb_recorder recorder = {.chunk = tu_kb__chunk_new()};
	struct tu_kb_intake intake = tu_kb__recorder_intake(&recorder);
	struct job *job = job_at(pool, pool->named);
	enum tu_status status;

	if (!recorder.chunk)
		return tu_no_memory(err);
	intake.broken(&recorder, name, problem);
	status = recorder.status ? tu_no_memory(err) : open_job(pool, input, &job, err);
	if (status) {
		tu_kb__chunk_free(recorder.chunk);
		return status;
	}
	lock(pool);
	put_chunk(pool, job, recorder.chunk);
	job->done = true;
	unlock(pool);
	publish(pool);
	return TU_OK;
}

enum tu_status tu_kb__pool_finish(struct tu_kb_pool *pool, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	publish(pool);
	lock(pool);
	pool->ended = true;
	(void)pthread_cond_broadcast(&pool->to_do);
	unlock(pool);
	while (!status && pool->taken < pool->named)
		status = take_job(pool, err);
	return status;
}

/* ---- the pool ---- */

static void start(struct tu_kb_pool *pool, size_t threads)
{
	while (pool->started < threads) {
		struct worker *w = &pool->workers[pool->started];

		if (tu_fault_hit() || pthread_create(&w->thread, NULL, work, w) != 0)
			return;
		pool->started++;
	}
}

static enum tu_status init_workers(struct tu_kb_pool *pool, size_t threads, struct tu_error *err)
{
	for (size_t i = 0; i < threads; i++) {
		struct worker *w = &pool->workers[i];

		w->pool = pool;
		w->recorder = (struct tu_kb_recorder){.turn = turn, .context = w};
		w->intake = tu_kb__recorder_intake(&w->recorder);
		if (tu_kb__reading_init(&w->reading, &w->intake, err))
			return TU_E_NOMEM;
		w->reading.whole = pool->setup.whole;
		w->reading.ahead = true;
	}
	return TU_OK;
}

enum tu_status tu_kb__pool_new(
	const struct tu_kb_pool_setup *setup, struct tu_kb_pool **out_pool, struct tu_error *err)
{
	struct tu_kb_pool *pool = tu_alloc(1, sizeof(*pool));
	size_t threads = setup->threads < THREADS_MAX ? setup->threads : THREADS_MAX;
	enum tu_status status;

	*out_pool = NULL;
	if (!pool)
		return tu_no_memory(err);
	pool->setup = *setup;
	(void)pthread_mutex_init(&pool->lock, NULL);
	(void)pthread_cond_init(&pool->to_do, NULL);
	(void)pthread_cond_init(&pool->news, NULL);
	status = init_workers(pool, threads, err);
	if (!status)
		start(pool, threads);
	if (status || pool->started == 0) {
		tu_kb__pool_free(pool);
		return status;
	}
	*out_pool = pool;
	return TU_OK;
}

static void free_chunks(struct tu_kb_chunk *chunk)
{
	while (chunk) {
		struct tu_kb_chunk *next = chunk->next;

		tu_kb__chunk_free(chunk);
		chunk = next;
	}
}

void tu_kb__pool_free(struct tu_kb_pool *pool)
{
	if (!pool)
		return;
	lock(pool);
	pool->stopped = true;
	(void)pthread_cond_broadcast(&pool->to_do);
	unlock(pool);
	for (size_t i = 0; i < pool->started; i++)
		(void)pthread_join(pool->workers[i].thread, NULL);
	for (size_t i = 0; i < THREADS_MAX; i++)
		tu_kb__reading_done(&pool->workers[i].reading);
	for (size_t i = 0; i < JOBS; i++) {
		free_chunks(pool->jobs[i].first);
		tu_buf_done(&pool->jobs[i].paths);
	}
	free_chunks(pool->spare);
	(void)pthread_cond_destroy(&pool->news);
	(void)pthread_cond_destroy(&pool->to_do);
	(void)pthread_mutex_destroy(&pool->lock);
	tu_free(pool);
}
