/* Removing a device that nobody depends on. */
#include <tutela/assess.h>

#include "portfolio/device.h"

enum { REASONS_MAX = 1000 };

static enum tu_claim_status status_of(struct tu_str word)
{
	for (unsigned i = 0; i < TU_CLAIM_STATUSES; i++)
		if (tu_str_eq(tu_str_c(tu_claim_status_name((enum tu_claim_status)i)), word))
			return (enum tu_claim_status)i;
	return TU_CLAIM_UNSTATED;
}

/* Findings that no decision closes. */
static enum tu_status count_open(
	struct tu_work *w, int64_t device, int64_t *out_count, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_DEVICE_FINDINGS, TU_BIND(tu_int(device)), &rows, err);

	*out_count = 0;
	if (status != TU_OK)
		return status;
	while (tu_rows_next(rows))
		if (tu_rows_is_null(rows, 0) || !tu_claim_clears(status_of(tu_rows_text(rows, 0))))
			*out_count += tu_rows_int(rows, 1);
	return tu_rows_close(rows, err);
}

static void add_reason(struct tu_buf *reasons, int64_t count, const char *one, const char *many)
{
	if (count)
		tu_buf_printf(reasons, "%s%lld %s", reasons->len ? ", " : "", (long long)count,
			count == 1 ? one : many);
}

static enum tu_status find_reasons(
	struct tu_work *w, int64_t device, struct tu_buf *reasons, struct tu_error *err)
{
	static const struct {
		enum tu_sql sql;
		const char *one, *many;
	} rows[] = {
		{TU_SQL_DEVICE_RELEASED, "release that was released",
			"releases that were released"},
		{TU_SQL_DEVICE_SIGNED, "decision that was approved or signed",
			"decisions that were approved or signed"},
		{TU_SQL_DEVICE_BASELINES, "signed baseline of its design",
			"signed baselines of its design"},
		{TU_SQL_DEVICE_CASES, "case", "cases"},
		{TU_SQL_DEVICE_PUBLISHED, "artifact that others may have",
			"artifacts that others may have"},
	};
	int64_t count = 0;
	enum tu_status status = count_open(w, device, &count, err);

	add_reason(reasons, count, "open finding", "open findings");
	for (size_t i = 0; i < TU_COUNT(rows) && status == TU_OK; i++) {
		status = tu_tx_int(w->tx, rows[i].sql, TU_BIND(tu_int(device)), &count, err);
		if (status == TU_OK)
			add_reason(reasons, count, rows[i].one, rows[i].many);
	}
	return status;
}

static enum tu_status refuse(
	const struct tu_device_row *row, const struct tu_buf *reasons, struct tu_error *err)
{
	if (!reasons->len)
		return TU_OK;
	return tu_fail(err, TU_E_CONSTRAINT, 0,
		"device %.*s cannot be deleted: it has %.*s. Withdraw its releases instead",
		TU_STR_FMT(row->name), TU_STR_FMT(tu_buf_str(reasons)));
}

/* What is only its own, in an order that no reference is left without its end. */
static const enum tu_sql removals[] = {
	TU_SQL_DEVICE_REMOVE_DECISIONS,
	TU_SQL_DEVICE_REMOVE_ASSESSMENTS,
	TU_SQL_DEVICE_REMOVE_REFERENCES,
	TU_SQL_DEVICE_REMOVE_CORRECTIONS,
	TU_SQL_DEVICE_REMOVE_PUBLICATIONS,
	TU_SQL_DEVICE_REMOVE_BUILDS,
	TU_SQL_DEVICE_REMOVE_TAGS,
	TU_SQL_DEVICE_REMOVE_PARENTS,
	TU_SQL_DEVICE_REMOVE_PROJECTS,
	TU_SQL_DEVICE_REMOVE_NAMES,
	TU_SQL_DEVICE_REMOVE_INTAKE,
	TU_SQL_DEVICE_REMOVE_RELEASES,
	TU_SQL_DEVICE_REMOVE_VARIANTS,
	TU_SQL_DEVICE_REMOVE_FILES,
	TU_SQL_DEVICE_REMOVE_THREAT_APPROVALS,
	TU_SQL_DEVICE_REMOVE_SAFETY_RECORDS,
	TU_SQL_ASSET_HAZARD_CLEAR,
	TU_SQL_ASSET_CLEAR,
	TU_SQL_HAZARD_CLEAR,
	TU_SQL_INTERFACE_CLEAR,
	TU_SQL_CONTROL_CLEAR,
	TU_SQL_DEVICE_REMOVE_TEAMS,
	TU_SQL_DEVICE_REMOVE_TREND,
};

static enum tu_status record(
	struct tu_work *w, const struct tu_device_row *row, struct tu_error *err)
{
	uint8_t before[TU_SHA256_BYTES];
	struct tu_record record;
	enum tu_status status = tu_document_digest(w->tx, row->document_id, before, err);

	if (status != TU_OK)
		return status;
	tu_record_begin(&record, "device.delete", "device:%.*s", TU_STR_FMT(row->name));
	record.change = (struct tu_change){"removed", row->id};
	tu_record_digest(&record.json, "before", before);
	tu_record_digest(&record.json, "after", NULL);
	return tu_record_add(&record, w, err);
}

enum tu_status tu_device_remove(
	struct tu_work *w, const struct tu_device_row *row, struct tu_error *err)
{
	struct tu_buf reasons;
	int64_t version = 0;
	enum tu_status status;

	tu_buf_init(&reasons, REASONS_MAX);
	/* nobody settles a release of it meanwhile */
	status = tu_tx_int(w->tx, TU_SQL_DEVICE_HOLD, TU_BIND(tu_int(row->id)), &version, err);
	if (status == TU_OK && version != row->version)
		status = tu_fail(err, TU_E_CONFLICT, 0, "device %.*s: changed since you read it",
			TU_STR_FMT(row->name));
	if (status == TU_OK)
		status = find_reasons(w, row->id, &reasons, err);
	if (status == TU_OK)
		status = refuse(row, &reasons, err);
	tu_buf_done(&reasons);
	for (size_t i = 0; i < TU_COUNT(removals) && status == TU_OK; i++)
		status = tu_work_exec(w, removals[i], TU_BIND(tu_int(row->id)), err);
	if (status == TU_OK)
		status = tu_work_update(w, TU_SQL_DEVICE_REMOVE,
			TU_BIND(tu_int(row->id), tu_int(row->version)), "device", err);
	return status ? status : record(w, row, err);
}
