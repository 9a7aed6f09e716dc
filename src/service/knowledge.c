/* The current knowledge base as a file that is mapped: fetched once, verified, kept in cache/. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/hex.h"
#include "service/inside.h"

static const char prefix[] = "knowledge-", suffix[] = ".kb";

struct held {
	struct tu_service_kb public; /* first */
	struct tu_kb *kb;
	atomic_uint count;
};

/* ---- holding ---- */

static struct tu_service_kb *hold(struct tu_service_kb *kb)
{
	if (kb)
		atomic_fetch_add(&((struct held *)kb)->count, 1);
	return kb;
}

struct tu_service_kb *tu_service_kb_hold(struct tu_service *service)
{
	struct tu_service_kb *kb;

	(void)pthread_mutex_lock(&service->knowledge.lock);
	kb = hold(service->knowledge.current);
	(void)pthread_mutex_unlock(&service->knowledge.lock);
	return kb;
}

void tu_service_kb_drop(struct tu_service_kb *kb)
{
	struct held *held = (struct held *)kb;

	if (!held || atomic_fetch_sub(&held->count, 1) != 1)
		return;
	tu_kb_close(held->kb);
	tu_free(held);
}

/* `kb` NULL: none. */
static void publish(struct tu_service *service, struct tu_service_kb *kb)
{
	struct tu_service_kb *before;

	(void)pthread_mutex_lock(&service->knowledge.lock);
	before = service->knowledge.current;
	service->knowledge.current = kb;
	(void)pthread_mutex_unlock(&service->knowledge.lock);
	tu_service_kb_drop(before);
}

/* ---- the file ---- */

static void name_of(const struct tu_knowledge_row *row, char out[128])
{
	struct tu_buf hex = {.ptr = out, .cap = 128, .ceiling = 128};

	tu_buf_c(&hex, prefix);
	tu_hex_write(row->digest, TU_SHA256_BYTES, &hex);
	tu_buf_c(&hex, suffix);
	out[hex.len < 127 ? hex.len : 127] = '\0';
}

static enum tu_status path_of(struct tu_service *service, const char *name,
	char out[TU_SERVICE_PATH], struct tu_error *err)
{
	char relative[sizeof("cache/") + NAME_MAX];

	(void)snprintf(relative, sizeof(relative), "cache/%s", name);
	return tu_datadir_path(service->dir, relative, out, TU_SERVICE_PATH)
		? TU_OK
		: tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name", service->options.data);
}

/* Files whose names begin so, but for one; what is mapped stays so without its name. */
static void forget(struct tu_service *service, const char *begin, const char *keep)
{
	char folder[TU_SERVICE_PATH], path[TU_SERVICE_PATH];
	DIR *files;

	if (path_of(service, "", folder, NULL) || !(files = opendir(folder)))
		return;
	for (const struct dirent *entry; (entry = readdir(files)) != NULL;) {
		if (strncmp(entry->d_name, begin, strlen(begin)) == 0 &&
			strcmp(entry->d_name, keep) != 0 &&
			!path_of(service, entry->d_name, path, NULL))
			(void)unlink(path);
	}
	(void)closedir(files);
}

static enum tu_status open_verified(const char *path, const struct tu_knowledge_row *row,
	struct tu_kb **out_kb, struct tu_error *err)
{
	struct tu_kb_info info;
	struct tu_kb *kb = NULL;
	enum tu_status status = tu_kb_open(path, &kb, err);

	if (!status)
		status = tu_kb_verify(kb, err);
	if (!status) {
		tu_kb_info(kb, &info);
		if (memcmp(info.sha256, row->digest, TU_SHA256_BYTES) != 0)
			status = tu_fail(err, TU_E_CORRUPT, 0, "it is another one");
	}
	if (status)
		tu_kb_close(kb);
	else
		*out_kb = kb;
	return status;
}

struct fetching {
	const struct tu_knowledge_row *row;
	const char *path;
};

static enum tu_status fetch(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct fetching *f = self;

	return tu_knowledge_fetch(w, f->row, f->path, err);
}

/* What is in cache/ and whole is taken as it is. */
static enum tu_status map(struct tu_service *service, const struct tu_knowledge_row *row,
	struct tu_kb **out_kb, struct tu_error *err)
{
	const struct tu_act act = tu_service__act(service, "system:service");
	char name[128], path[TU_SERVICE_PATH];
	struct fetching f = {row, path};
	enum tu_status status;

	name_of(row, name);
	status = path_of(service, name, path, err);
	if (!status && open_verified(path, row, out_kb, NULL) == TU_OK)
		return TU_OK;
	if (!status)
		status = tu_file_make_folders(path, err);
	if (!status)
		status = tu_work_read(service->store, &act, fetch, &f, err);
	return status ? status : open_verified(path, row, out_kb, err);
}

static enum tu_status make_held(struct tu_service *service, const struct tu_knowledge_row *row,
	struct tu_service_kb **out_kb, struct tu_error *err)
{
	struct held *held = tu_alloc(1, sizeof(*held));
	enum tu_status status;

	if (!held)
		return tu_no_memory(err);
	status = map(service, row, &held->kb, err);
	if (status) {
		tu_free(held);
		return status;
	}
	atomic_init(&held->count, 1);
	held->public = (struct tu_service_kb){
		held->kb, *row, tu_service__is_starter(service, row->digest)};
	*out_kb = &held->public;
	return TU_OK;
}

/* ---- the current one ---- */

static enum tu_status read_row(struct tu_work *w, void *self, struct tu_error *err)
{
	return tu_knowledge_current(w, self, err);
}

static enum tu_status current_row(
	struct tu_service *service, struct tu_knowledge_row *out_row, struct tu_error *err)
{
	const struct tu_act act = tu_service__act(service, "system:service");

	return tu_work_read(service->store, &act, read_row, out_row, err);
}

static struct tu_service_kb *held_is(struct tu_service *service, const struct tu_knowledge_row *row)
{
	struct tu_service_kb *kb = tu_service_kb_hold(service);

	if (kb && memcmp(kb->row.digest, row->digest, TU_SHA256_BYTES) == 0)
		return kb;
	tu_service_kb_drop(kb);
	return NULL;
}

static void say_which(struct tu_service *service, const struct tu_service_kb *kb)
{
	const int64_t age = tu_service_now(service) / 1000000 - kb->row.newest;
	char days[40] = "of unknown age";

	if (kb->row.newest > 0 && age >= 0)
		(void)snprintf(days, sizeof(days), "%lld days old", (long long)(age / 86400));
	if (kb->is_starter)
		tu_service__say(service, TU_SERVICE_WARNING,
			"the knowledge base is only the built-in starter, a small selection and "
			"no substitute for the feeds; its newest record is %s",
			days);
	else
		tu_service__say(service, TU_SERVICE_INFO,
			"another knowledge base is in use; its newest record is %s", days);
}

/* The lock `fetching` is held. */
static void adopt(struct tu_service *service, struct tu_service_kb *kb)
{
	char name[128];

	name_of(&kb->row, name);
	publish(service, hold(kb));
	forget(service, prefix, name); /* not current any more */
	say_which(service, kb);
}

void tu_service__kb_adopt(struct tu_service *service, struct tu_service_kb *kb)
{
	(void)pthread_mutex_lock(&service->knowledge.fetching);
	adopt(service, kb);
	(void)pthread_mutex_unlock(&service->knowledge.fetching);
}

enum tu_status tu_service__kb_of(struct tu_service *service, const struct tu_knowledge_row *row,
	struct tu_service_kb **out_kb, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	(void)pthread_mutex_lock(&service->knowledge.fetching);
	*out_kb = held_is(service, row);
	if (!*out_kb)
		status = make_held(service, row, out_kb, err);
	(void)pthread_mutex_unlock(&service->knowledge.fetching);
	return status;
}

/* The row is read again where another thread may have fetched meanwhile. */
static enum tu_status fetch_current(
	struct tu_service *service, struct tu_service_kb **out_kb, struct tu_error *err)
{
	struct tu_knowledge_row row;
	enum tu_status status = current_row(service, &row, err);

	if (status)
		return status;
	*out_kb = held_is(service, &row);
	if (*out_kb)
		return TU_OK;
	status = make_held(service, &row, out_kb, err);
	if (!status)
		adopt(service, *out_kb);
	return status;
}

enum tu_status tu_service_kb_current(
	struct tu_service *service, struct tu_service_kb **out_kb, struct tu_error *err)
{
	struct tu_knowledge_row row;
	enum tu_status status = current_row(service, &row, err);

	if (status)
		return status;
	if (!row.id)
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"no knowledge base is named yet: nothing is known of any component");
	*out_kb = held_is(service, &row);
	if (*out_kb)
		return TU_OK;
	(void)pthread_mutex_lock(&service->knowledge.fetching);
	status = fetch_current(service, out_kb, err);
	(void)pthread_mutex_unlock(&service->knowledge.fetching);
	return status;
}

enum tu_status tu_service__knowledge_start(struct tu_service *service, struct tu_error *err)
{
	/* of calls and requests that were killed: none runs yet */
	static const char *const left[] = {"put-", "sent-", "unpacked-"};
	struct tu_service_kb *kb = NULL;
	enum tu_status status = tu_service_kb_current(service, &kb, err);

	for (size_t i = 0; i < TU_COUNT(left); i++)
		forget(service, left[i], "");
	tu_service_kb_drop(kb);
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

void tu_service__knowledge_stop(struct tu_service *service)
{
	publish(service, NULL);
}

bool tu_service__kb_path(struct tu_service *service, char out[TU_SERVICE_PATH])
{
	struct tu_service_kb *kb = tu_service_kb_hold(service);
	char name[128];
	bool there = false;

	if (kb) {
		name_of(&kb->row, name);
		there = path_of(service, name, out, NULL) == TU_OK;
	}
	tu_service_kb_drop(kb);
	return there;
}
