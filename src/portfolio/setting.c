#include "portfolio/setting.h"

enum tu_status tu_setting_read(struct tu_work *w, struct tu_str name, tu_setting_take *take,
	void *self, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = TU_SETTING_MAX, .depth = 8, .unique_keys = true};
	struct tu_json_parser *parser;
	struct tu_json root;
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(name)), &rows, err);

	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	parser = tu_json_parser_new();
	status = parser ? tu_json_parse(parser, tu_rows_text(rows, 0), &limits, &root, err)
			: tu_no_memory(err);
	if (status == TU_OK)
		status = take(w, root, self, err);
	tu_json_parser_free(parser);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

enum tu_status tu_setting_put(
	struct tu_work *w, struct tu_str name, const struct tu_buf *text, struct tu_error *err)
{
	if (text->failed)
		return tu_fail(err, TU_E_LIMIT, 0, "the settings are too long");
	return tu_work_exec(
		w, TU_SQL_SETTING_PUT, TU_BIND(tu_text(name), tu_text(tu_buf_str(text))), err);
}
