#include "portfolio/gaps.h"

#include "base/vec.h"
#include "portfolio/list_filter.h"
#include "portfolio/scope.h"

/* ---- gaps ---- */

enum tu_status tu_gaps_of(struct tu_work *w, const struct tu_list_scope *scope, struct tu_gaps *out,
	struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_GAP_ROWS, TU_NO_BIND, &rows, err);

	*out = (struct tu_gaps){0};
	if (status != TU_OK)
		return status;
	while (tu_rows_next(rows)) {
		int64_t device = tu_rows_int(rows, 0);

		if (!tu_scope_has(scope, device))
			continue;
		out->devices++;
		out->releases += tu_rows_int(rows, 1);
		out->releases_without_sbom += tu_rows_int(rows, 2);
		out->releases_without_components += tu_rows_int(rows, 5);
		out->releases_without_data += tu_rows_int(rows, 6);
		out->devices_in_intake += tu_rows_int(rows, 7);
		out->releases_not_settled += tu_rows_int(rows, 3);
		out->components_without_data += tu_rows_int(rows, 4);
	}
	return tu_rows_close(rows, err);
}

/* ---- without each term ---- */

struct terms {
	TU_VEC(struct tu_str) list;
};

static bool write_without(
	struct tu_arena *arena, const struct terms *terms, size_t left_out, struct tu_str *out)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 1 << 16);
	for (size_t i = 0; i < terms->list.count; i++) {
		if (i == left_out)
			continue;
		tu_buf_c(&text, text.len ? " " : "");
		tu_buf_str_add(&text, terms->list.at[i]);
	}
	fine = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine;
}

enum tu_status tu_filter_without_each(struct tu_arena *arena, struct tu_str filter,
	struct tu_filter_without **out, size_t *out_count, struct tu_error *err)
{
	struct terms terms = {0};
	struct tu_str term;

	while (tu_list_filter_term(&filter, &term))
		if (!TU_VEC_PUSH_IN(arena, &terms.list, term))
			return tu_no_memory(err);
	*out_count = terms.list.count;
	*out = tu_arena_array(arena, terms.list.count, sizeof(**out));
	if (!*out)
		return tu_no_memory(err);
	for (size_t i = 0; i < terms.list.count; i++) {
		(*out)[i].term = terms.list.at[i];
		if (!write_without(arena, &terms, i, &(*out)[i].filter))
			return tu_no_memory(err);
	}
	return TU_OK;
}
