#include "portfolio/page.h"

enum { SCOPE_MAX = 1 << 20 };

/* ",4,17,"; "," has none of them. */
static enum tu_status scope_text(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str *out, struct tu_error *err)
{
	struct tu_buf text;
	bool fine;

	*out = TU_STR("");
	if (!scope || scope->everything)
		return TU_OK;
	tu_buf_init(&text, SCOPE_MAX);
	tu_buf_byte(&text, ',');
	for (size_t i = 0; i < scope->device_count; i++)
		tu_buf_printf(&text, "%lld,", (long long)scope->device_ids[i]);
	fine = !text.failed && tu_arena_dup(w->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_page_bind(struct tu_work *w, const struct tu_page_ask *ask,
	struct tu_page_bind *out, struct tu_error *err)
{
	struct tu_str scope;
	enum tu_status status = scope_text(w, ask->scope, &scope, err);

	*out = (struct tu_page_bind){.at = tu_int(ask->has_after ? ask->after_at : INT64_MAX),
		.public_id = tu_text(ask->has_after ? ask->after_public : TU_STR("")),
		.scope = tu_text(scope)};
	return status;
}

enum tu_status tu_page_count(struct tu_work *w, enum tu_sql sql, struct tu_params params,
	struct tu_page_total *out, struct tu_error *err)
{
	int64_t count = 0;
	enum tu_status status = tu_tx_int(w->tx, sql, params, &count, err);

	out->exact = count <= TU_PAGE_COUNT_MAX;
	out->count = out->exact ? count : TU_PAGE_COUNT_MAX;
	return status;
}
