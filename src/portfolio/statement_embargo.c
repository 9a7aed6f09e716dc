/* What came of a report whose reporter was promised silence is not said before that time. */
#include "base/time.h"
#include "portfolio/statement_inside.h"

enum { US = 1000000, TIME_MAX = 64 };

struct naming {
	const struct tu_statement_writing *of;
	bool found;
};

/* The whole name, in whatever case: CVE-2026-1 is not in CVE-2026-10. */
static bool has_name(struct tu_str text, struct tu_str name)
{
	for (size_t at = 0; name.len && name.len <= text.len && at <= text.len - name.len; at++) {
		struct tu_str here = {text.ptr + at, name.len};
		bool begins = at == 0 || !tu_char_is_alnum(text.ptr[at - 1]);
		bool ends = at + name.len == text.len || !tu_char_is_alnum(text.ptr[at + name.len]);

		if (begins && ends && tu_str_ieq(here, name))
			return true;
	}
	return false;
}

static void look_for(struct naming *naming, struct tu_str name)
{
	for (int format = 0; format < TU_ISSUE_FORMATS && !naming->found; format++)
		naming->found = has_name(naming->of->texts[format], name);
}

/* Do the documents name the vulnerability, by any of its ids? */
static bool names(const struct tu_statement_writing *of, struct tu_str vuln)
{
	const struct tu_kb *kb = of->writer->kb;
	struct naming naming = {.of = of};
	uint32_t index = kb ? tu_kb_find(kb, vuln) : TU_KB_NONE;
	uint32_t records = index == TU_KB_NONE ? 0 : tu_kb_vulnerability(kb, index).advisories;

	look_for(&naming, vuln);
	if (index != TU_KB_NONE)
		look_for(&naming, tu_kb_vulnerability(kb, index).id);
	for (uint32_t i = 0; i < records; i++) {
		uint32_t record = tu_kb_record(kb, index, i);
		const struct tu_kb_advisory advisory = tu_kb_advisory(kb, record);

		look_for(&naming, advisory.id);
		for (uint32_t k = 0; k < advisory.aliases; k++)
			look_for(&naming, tu_kb_alias(kb, record, k));
	}
	return naming.found;
}

static enum tu_status refuse(struct tu_str vuln, int64_t until, struct tu_error *err)
{
	struct tu_buf time;
	enum tu_status status;

	tu_buf_init(&time, TIME_MAX);
	tu_time_write(until / US, &time);
	status = tu_fail(err, TU_E_USAGE, 0,
		"%.*s came of a report that is under embargo until %.*s: nothing of it is "
		"published before, unless who may publish moves the embargo of the signal, for a "
		"reason",
		TU_STR_FMT(vuln), TU_STR_FMT(tu_buf_str(&time)));
	tu_buf_done(&time);
	return status;
}

enum tu_status tu_statement__embargoed(struct tu_work *w, const struct tu_statement_writing *of,
	int64_t leaves, struct tu_error *err)
{
	struct tu_str vuln = {0};
	int64_t until = 0;
	struct tu_rows *rows;
	bool ok = true, held = false;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_SIGNAL_EMBARGOES, TU_BIND(tu_int(leaves)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && !held && tu_rows_next(rows)) {
		held = names(of, tu_rows_text(rows, 0));
		until = tu_rows_int(rows, 1);
		ok = !held || tu_arena_dup(w->arena, tu_rows_text(rows, 0), &vuln);
	}
	status = tu_rows_close(rows, err);
	if (status == TU_OK && !ok)
		status = tu_no_memory(err);
	return status || !held ? status : refuse(vuln, until, err);
}
