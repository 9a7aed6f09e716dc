#include "access/session.h"

#include "base/vec.h"

static bool read_row(const struct tu_rows *rows, struct tu_arena *arena, struct tu_session_row *out)
{
	*out = (struct tu_session_row){.created = tu_rows_int(rows, 4),
		.used = tu_rows_int(rows, 5),
		.expires = tu_rows_int(rows, 6)};
	return tu_arena_dup(arena, tu_rows_text(rows, 1), &out->public) &&
		tu_arena_dup(arena, tu_rows_text(rows, 2), &out->agent) &&
		tu_arena_dup(arena, tu_rows_text(rows, 3), &out->strength);
}

enum tu_status tu_session_rows(struct tu_tx *tx, const struct tu_session_whose *whose,
	struct tu_arena *arena, struct tu_session_rows *out_rows, struct tu_error *err)
{
	TU_VEC(struct tu_session_row) all = {0};
	struct tu_session_row row;
	struct tu_person person;
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_person_find(tx, whose->person, arena, &person, err);

	*out_rows = (struct tu_session_rows){0};
	if (!status)
		status = tu_tx_query(
			tx, TU_SQL_SESSIONS_OF_PERSON, TU_BIND(tu_int(person.id)), &rows, err);
	if (status)
		return status;
	while (kept && tu_rows_next(rows)) {
		if (tu_rows_int(rows, 6) <= whose->at ||
			whose->at - tu_rows_int(rows, 5) >=
				tu_access_limit_us(TU_LIMIT_SESSION_IDLE))
			continue; /* it is over */
		kept = read_row(rows, arena, &row);
		row.current = whose->own && tu_rows_int(rows, 0) == whose->own;
		kept = kept && TU_VEC_PUSH_IN(arena, &all, row);
	}
	status = tu_rows_close(rows, err);
	*out_rows = (struct tu_session_rows){all.at, all.count};
	return status || kept ? status : tu_no_memory(err);
}
