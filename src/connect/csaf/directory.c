/* A label's folder as files (7.1.12, 7.1.13) and as pages of links (7.1.14). */
#include <inttypes.h>

#include "base/time.h"
#include "connect/csaf/operations.h"
#include "connect/csaf/view.h"

enum tu_status tu_csaf_write_index(struct tu_csaf_view *view, struct tu_error *err)
{
	(void)err;
	for (size_t i = 0; i < view->files.list.count; i++) {
		tu_csaf_place(&view->files.list.at[i], view->out);
		tu_buf_byte(view->out, '\n');
	}
	view->type = "text/plain; charset=utf-8";
	return TU_OK;
}

/* No heading; the newest first. Names have no quotes. */
enum tu_status tu_csaf_write_changes(struct tu_csaf_view *view, struct tu_error *err)
{
	(void)err;
	for (size_t i = 0; i < view->files.list.count; i++) {
		tu_buf_byte(view->out, '"');
		tu_csaf_place(&view->files.list.at[i], view->out);
		tu_buf_c(view->out, "\",\"");
		tu_time_write(view->files.list.at[i].released, view->out);
		tu_buf_c(view->out, "\"\n");
	}
	view->type = "text/csv; charset=utf-8";
	return TU_OK;
}

/* ---- pages ---- */

static void begin_page(struct tu_csaf_view *view)
{
	tu_buf_printf(view->out,
		"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		"<title>TLP:%.*s</title></head><body>\n<h1>TLP:%.*s</h1>\n<ul>\n",
		TU_STR_FMT(view->label->name), TU_STR_FMT(view->label->name));
	view->type = "text/html; charset=utf-8";
}

static void end_page(struct tu_csaf_view *view)
{
	tu_buf_c(view->out, "</ul>\n</body></html>\n");
}

/* Names have letters, digits, "+", "-", "_" and ".", of which none means anything in HTML. */
static void item(struct tu_csaf_view *view, struct tu_str name, const char *ending)
{
	tu_buf_printf(view->out, "<li><a href=\"%.*s%s\">%.*s%s</a></li>\n", TU_STR_FMT(name),
		ending, TU_STR_FMT(name), ending);
}

static enum tu_status write_years(struct tu_csaf_view *view, struct tu_error *err)
{
	(void)err;
	begin_page(view);
	item(view, TU_STR("index.txt"), "");
	item(view, TU_STR("changes.csv"), "");
	for (size_t i = 0; i < view->files.list.count; i++) {
		int64_t year = tu_provider_year(&view->files.list.at[i]);
		size_t k = 0;

		while (k < i && tu_provider_year(&view->files.list.at[k]) != year)
			k++;
		if (k == i)
			tu_buf_printf(view->out,
				"<li><a href=\"%04" PRId64 "/\">%04" PRId64 "/</a></li>\n", year,
				year);
	}
	end_page(view);
	return TU_OK;
}

enum tu_status tu_csaf_list_years(struct tu_api_call *call, struct tu_error *err)
{
	return tu_csaf_answer(
		call, &(const struct tu_csaf_asked){.tlp = call->path[0]}, write_years, err);
}

static enum tu_status write_year(struct tu_csaf_view *view, struct tu_error *err)
{
	uint64_t year;
	size_t count = 0;

	if (view->call->path[1].len != 4 || !tu_str_to_u64(view->call->path[1], 9999, &year))
		return tu_csaf_unknown(err);
	begin_page(view);
	for (size_t i = 0; i < view->files.list.count; i++) {
		const struct tu_provider_file *file = &view->files.list.at[i];

		if (tu_provider_year(file) != (int64_t)year)
			continue;
		count++;
		item(view, file->name, "");
		item(view, file->name, ".sha256");
		item(view, file->name, ".sha512");
		if (tu_csaf_is_signed(file))
			item(view, file->name, ".asc");
	}
	end_page(view);
	return count ? TU_OK : tu_csaf_unknown(err);
}

enum tu_status tu_csaf_list_year(struct tu_api_call *call, struct tu_error *err)
{
	return tu_csaf_answer(
		call, &(const struct tu_csaf_asked){.tlp = call->path[0]}, write_year, err);
}
