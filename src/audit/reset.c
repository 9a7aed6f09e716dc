#include "audit/reset.h"

#include <string.h>

#include "base/time.h"

static const char *const names[TU_RESETS] = {
	[TU_RESET_PASSWORD] = "password",
	[TU_RESET_FACTOR] = "factor",
	[TU_RESET_ACCOUNT] = "account",
};

const char *tu_reset_name(enum tu_reset_kind kind)
{
	return names[kind];
}

enum tu_status tu_reset_keep(struct tu_tx *tx, const struct tu_reset_of *of,
	const struct tu_audit_act *act, struct tu_error *err)
{
	if (tu_str_eq(act->actor, of->public))
		return TU_OK;
	return tu_tx_exec(tx, TU_SQL_CREDENTIAL_RESET_PUT,
		TU_BIND(tu_int(of->person), tu_text(tu_str_c(names[of->kind])),
			tu_text(tu_str_first(act->actor, TU_RESET_BY_MAX)), tu_int(act->at)),
		NULL, err);
}

static void read_reset(const struct tu_rows *rows, struct tu_resets *out)
{
	struct tu_reset *reset = &out->at[out->count];
	struct tu_str by = tu_str_first(tu_rows_text(rows, 1), TU_RESET_BY_MAX);

	*reset = (struct tu_reset){.at = tu_rows_int(rows, 2)};
	while (reset->kind + 1 < TU_RESETS &&
		!tu_str_eq(tu_rows_text(rows, 0), tu_str_c(names[reset->kind])))
		reset->kind++;
	if (by.len)
		memcpy(reset->by, by.ptr, by.len);
	out->count++;
}

enum tu_status tu_resets_find(struct tu_tx *tx, int64_t person, int64_t at,
	struct tu_resets *out_resets, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(tx, TU_SQL_CREDENTIAL_RESETS,
		TU_BIND(tu_int(person), tu_int(at - TU_RESET_SHOWN_US)), &rows, err);

	*out_resets = (struct tu_resets){0};
	if (status)
		return status;
	while (out_resets->count < TU_RESETS && tu_rows_next(rows))
		read_reset(rows, out_resets);
	return tu_rows_close(rows, err);
}

void tu_resets_write(const struct tu_resets *resets, struct tu_json_writer *json)
{
	tu_json_open_array(json);
	for (size_t i = 0; i < resets->count; i++) {
		const struct tu_reset *reset = &resets->at[i];
		size_t start;

		tu_json_open_object(json);
		tu_json_member_str(json, "what", tu_str_c(names[reset->kind]));
		tu_json_member_str(json, "by", tu_str_c(reset->by));
		tu_json_key(json, "at");
		start = tu_json_open_text(json);
		tu_time_write(reset->at / 1000000, json->buf);
		tu_json_close_text(json, start);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}
