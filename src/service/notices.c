/* Notices (notify/notify.h) in the service: looked after once a second, sent by the workers. */
#include <stdio.h>
#include <string.h>

#include "app/zone_file.h"
#include "feed/hook.h"
#include "service/inside.h"
#include "service/intelligence.h"

enum { DEADLINES_S = 60, ARENA = 64 << 20 };

_Static_assert((int)TU_DATADIR_LOOPBACK == TU_HOOK_LOOPBACK &&
		(int)TU_DATADIR_LINK_LOCAL == TU_HOOK_LINK_LOCAL &&
		(int)TU_DATADIR_PRIVATE == TU_HOOK_PRIVATE,
	"the words of tutela.yaml are those of feed/hook.h");

const struct tu_notify *tu_service_notify(const struct tu_service *service)
{
	return &service->notices.notify;
}

enum tu_status tu_service__notices_start(struct tu_service *service, struct tu_error *err)
{
	struct tu_service__notices *notices = &service->notices;
	struct tu_str url = tu_str_c(service->options.public_url);

	while (url.len && url.ptr[url.len - 1] == '/')
		url.len--;
	(void)snprintf(notices->url, sizeof(notices->url), "%.*s", TU_STR_FMT(url));
	(void)snprintf(notices->ca, sizeof(notices->ca), "%s", service->settings.certificates);
	notices->notify = (struct tu_notify){.store = service->store,
		.key = &notices->key,
		.zones = &tu_zone_files,
		.public_url = notices->url[0] ? notices->url : NULL,
		.ca_file = notices->ca[0] ? notices->ca : NULL,
		.nets = service->settings.webhooks};
	return tu_datadir_secret_key(service->dir, &notices->key, err);
}

void tu_service__notices_stop(struct tu_service *service)
{
	tu_secret_key_wipe(&service->notices.key);
}

/* Enabled sources that are late; one that was never tried is not, a first sync is on its way. */
static size_t find_late(const struct tu_service_intelligence *seen, struct tu_notify_source *out)
{
	size_t count = 0;

	for (size_t i = 0; i < seen->source_count; i++) {
		const struct tu_service_source *source = &seen->sources[i];

		if (source->enabled && source->freshness != TU_FRESH && source->last_attempt)
			out[count++] =
				(struct tu_notify_source){source->name, source->last_success};
	}
	return count;
}

/* A feeds.conf that cannot be read makes its sync fail, and that is a job's trouble. */
static enum tu_status look_at_troubles(
	struct tu_service *service, int64_t now, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(ARENA);
	struct tu_service_intelligence seen;
	struct tu_notify_troubles troubles = {0};
	struct tu_notify_source *late = NULL;
	enum tu_status status;

	if (!arena)
		return tu_no_memory(err);
	if (!tu_service_sources(service, arena, &seen, NULL))
		late = tu_arena_array(arena, seen.source_count + 1, sizeof(*late));
	if (late)
		troubles = (struct tu_notify_troubles){late, find_late(&seen, late)};
	status = tu_notify_troubles(&service->notices.notify, &troubles, now, err);
	tu_arena_free(arena);
	return status;
}

/* Deadlines come near, and troubles come, without a record. */
static enum tu_status look_at_time(struct tu_service *service, int64_t now, struct tu_error *err)
{
	struct tu_service__notices *notices = &service->notices;
	struct tu_deadline_asking asking = {.cache = service->deadlines};
	struct tu_service_kb *kb;
	enum tu_status status;

	if (now >= notices->deadlines_at &&
		now < notices->deadlines_at + DEADLINES_S * (int64_t)1000000)
		return TU_OK;
	notices->deadlines_at = now;
	kb = tu_service_kb_hold(service);
	if (kb) {
		asking.kb = kb->kb;
		asking.kb_digest = kb->row.digest;
	}
	status = tu_notify_deadlines(&notices->notify, &asking, now, err);
	tu_service_kb_drop(kb);
	return status ? status : look_at_troubles(service, now, err);
}

enum tu_status tu_service__look_at_notices(struct tu_service *service, struct tu_error *err)
{
	const struct tu_notify *notify = &service->notices.notify;
	const int64_t now = tu_service_now(service);
	bool due, more = true;
	enum tu_status status = look_at_time(service, now, err);

	if (!status)
		status = tu_notify_due(notify, now, &due, err);
	if (status || !due)
		return status;
	while (!status && more && !tu_service_stopping(service))
		status = tu_notify_follow(notify, now, &more, err);
	if (!status)
		status = tu_notify_leave(notify, now, err);
	if (!status)
		tu_service__wake_workers(service);
	return status;
}

enum tu_status tu_service__send_notice(
	struct tu_service *service, const struct tu_message *message, struct tu_error *err)
{
	return tu_notify_send(&service->notices.notify, message, tu_service_now(service), err);
}
