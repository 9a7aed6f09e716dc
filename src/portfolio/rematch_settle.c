/* Releases that are due after a re-match. */
#include "portfolio/rematch.h"

static enum tu_status find_due(struct tu_work *w, const struct tu_rematch_settling *s, int64_t *ids,
	size_t *out_count, struct tu_error *err)
{
	struct tu_rows *rows;
	size_t count = 0;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_RELEASE_DUE_NEXT,
		TU_BIND(tu_int(s->from), tu_int((int64_t)s->limit)), &rows, err);

	if (status != TU_OK)
		return status;
	while (count < s->limit && tu_rows_next(rows))
		ids[count++] = tu_rows_int(rows, 0);
	*out_count = count;
	return tu_rows_close(rows, err);
}

static enum tu_status settle_one(
	struct tu_work *w, struct tu_rematch_settling *s, int64_t id, struct tu_error *err)
{
	struct tu_release_row release;
	struct tu_device_row device;
	struct tu_settling settling;
	struct tu_settle settle = {.by = &settling, .release = &release};
	struct tu_str name;
	enum tu_status status = tu_release_by_id(w, id, &release, err);

	if (status == TU_OK)
		status = tu_device_name(w, release.device_id, &name, err);
	if (status == TU_OK)
		status = tu_device_find(w, name, &device, err);
	if (status == TU_OK)
		status = tu_settling_begin(w, &device, s->kb, &settling, err);
	if (status != TU_OK)
		return status;
	settling.reader = s->reader;
	status = tu_settle_and_record(w, &settle, err);
	if (status != TU_OK)
		return tu_error_prefix(err, "device %.*s, release %.*s", TU_STR_FMT(device.name),
			TU_STR_FMT(release.version));
	s->reopened += settle.settled.reopened;
	s->settled++;
	s->after = id;
	return TU_OK;
}

enum tu_status tu_rematch_settle(
	struct tu_work *w, struct tu_rematch_settling *s, struct tu_error *err)
{
	int64_t *ids = tu_arena_array(w->arena, s->limit, sizeof(*ids));
	size_t count = 0;
	enum tu_status status = ids ? find_due(w, s, ids, &count, err) : tu_no_memory(err);

	s->settled = s->reopened = 0;
	s->after = s->from;
	s->failed = 0;
	for (size_t i = 0; i < count && status == TU_OK; i++) {
		status = settle_one(w, s, ids[i], err);
		s->failed = status ? ids[i] : 0;
	}
	if (status == TU_OK && count < s->limit)
		s->after = 0;
	return status;
}
