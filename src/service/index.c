/* The index of findings, followed up to the newest change; deadlines that were computed last, gaps
 * that were read last, and the cases. */
#include "portfolio/case_index.h"
#include "portfolio/deadline_cache.h"
#include "portfolio/gaps.h"
#include "portfolio/list_load.h"
#include "service/inside.h"

enum tu_status tu_service__index_start(struct tu_service *service, struct tu_error *err)
{
	enum tu_status status = tu_list_new(&service->index.list, err);

	service->deadlines = tu_deadline_cache_new();
	service->gaps = tu_gap_cache_new();
	service->cases = tu_case_index_new();
	if (status == TU_OK && (!service->deadlines || !service->gaps || !service->cases))
		status = tu_no_memory(err);
	return status ? status : tu_list_load(service->store, service->index.list, err);
}

void tu_service__index_stop(struct tu_service *service)
{
	tu_list_free(service->index.list);
	service->index.list = NULL;
	tu_deadline_cache_free(service->deadlines);
	service->deadlines = NULL;
	tu_gap_cache_free(service->gaps);
	service->gaps = NULL;
	tu_case_index_free(service->cases);
	service->cases = NULL;
}

struct tu_case_index *tu_service_cases(struct tu_service *service)
{
	return service->cases;
}

struct tu_gap_cache *tu_service_gaps(struct tu_service *service)
{
	return service->gaps;
}

struct tu_deadline_cache *tu_service_deadlines(struct tu_service *service)
{
	return service->deadlines;
}

static enum tu_status read_newest(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return tu_tx_int(tx, TU_SQL_CHANGE_NEWEST, TU_NO_BIND, self, err);
}

/* The snapshot, if it has everything up to `change`. */
static struct tu_list_snapshot *new_enough(struct tu_service *service, int64_t change)
{
	struct tu_list_snapshot *snapshot = tu_list_current(service->index.list);

	if (tu_list_change(snapshot) >= change)
		return snapshot;
	tu_list_drop(snapshot);
	return NULL;
}

/* Whoever waits for the one that follows has, most of the time, nothing left to do. */
enum tu_status tu_service_list(
	struct tu_service *service, struct tu_list_snapshot **out_snapshot, struct tu_error *err)
{
	int64_t newest = 0, followed = 0;
	enum tu_status status = tu_store_run(service->store, TU_TX_READ, read_newest, &newest, err);

	if (status)
		return status;
	*out_snapshot = new_enough(service, newest);
	if (*out_snapshot)
		return TU_OK;
	(void)pthread_mutex_lock(&service->index.following);
	*out_snapshot = new_enough(service, newest);
	if (!*out_snapshot)
		status = tu_list_follow(service->store, service->index.list, &followed, err);
	(void)pthread_mutex_unlock(&service->index.following);
	if (!status && !*out_snapshot)
		*out_snapshot = tu_list_current(service->index.list);
	return status;
}
