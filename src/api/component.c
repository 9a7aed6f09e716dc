/* Components of a release, and of the whole portfolio: where is what. */
#include "api/call.h"
#include "portfolio/release.h"
#include "portfolio/where.h"

#define MEMORY_MAX ((size_t)2 << 30)

/* ---- where is a component ---- */

struct use_row {
	struct tu_str component, version, purl, package, found_by, verdict, why;
	struct tu_str device, release, release_name, state;
	int64_t released, uses;
	bool data;
};

static const struct tu_api_column use_columns[] = {
	TU_API_COLUMN(struct use_row, component, TU_API_TEXT, 0),
	TU_API_COLUMN(struct use_row, version, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct use_row, purl, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct use_row, package, TU_API_TEXT, 0),
	TU_API_COLUMN(struct use_row, found_by, TU_API_WORD, 0),
	TU_API_COLUMN(struct use_row, verdict, TU_API_WORD, 0),
	TU_API_COLUMN(struct use_row, why, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct use_row, data, TU_API_BOOL, 0),
	TU_API_COLUMN(struct use_row, device, TU_API_TEXT, 0),
	TU_API_COLUMN(struct use_row, release, TU_API_TEXT, 0),
	TU_API_COLUMN(struct use_row, release_name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct use_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct use_row, released, TU_API_DATE, TU_API_OPT),
	TU_API_COLUMN(struct use_row, uses, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_component_use =
	TU_API_TABLE("ComponentUse", struct use_row, use_columns);

static struct use_row use_of(const struct tu_where_row *from)
{
	return (struct use_row){
		.component = from->component,
		.version = from->version,
		.purl = from->purl,
		.package = from->package,
		.found_by = tu_str_c(from->by),
		.verdict = from->undecided ? TU_STR("undecided") : TU_STR("meant"),
		.why = tu_str_c(from->why),
		.device = from->device,
		.release = from->release,
		.release_name = from->release_name,
		.state = from->state,
		.released = from->released,
		.uses = from->uses,
		.data = from->known,
	};
}

struct finding {
	struct tu_where where;
	struct tu_api_rows rows;
};

/* How many there are of both: what is undecided is not hidden on the last page. */
static void add_counts(struct tu_api_call *call, void *self, struct tu_json_writer *json)
{
	const struct finding *f = self;

	(void)call;
	tu_json_member_int(json, "meant", (int64_t)(f->where.count - f->where.undecided));
	tu_json_member_int(json, "undecided", (int64_t)f->where.undecided);
}

static enum tu_status fetch_uses(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct finding *f = self;

	page->more = add_counts;
	page->self = f;
	return tu_api_page_of(call, page, &f->rows, err);
}

static enum tu_status find(struct tu_api_call *call, struct finding *f, struct tu_error *err)
{
	struct use_row *rows;
	enum tu_status status = tu_where_find(tu_api_store(call), &f->where, err);

	if (status != TU_OK)
		return status;
	rows = tu_arena_array(f->where.arena, f->where.count, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	for (size_t i = 0; i < f->where.count; i++)
		rows[i] = use_of(&f->where.rows[i]);
	f->rows = (struct tu_api_rows){rows, f->where.count};
	return tu_api_answer_page(call, fetch_uses, f, err);
}

enum tu_status tu_api_find_components(struct tu_api_call *call, struct tu_error *err)
{
	struct finding f = {.where = {.arena = tu_arena_new(MEMORY_MAX),
				    .scope = &call->who.scope,
				    .question = tu_api_query(call, "where")}};
	enum tu_status status = f.where.arena ? find(call, &f, err) : tu_no_memory(err);

	tu_arena_free(f.where.arena);
	return status;
}

/* ---- where is a file ---- */

struct file_row {
	struct tu_str algorithm, component, version, device, release, release_name, state;
	int64_t released;
};

static const struct tu_api_column file_columns[] = {
	TU_API_COLUMN(struct file_row, algorithm, TU_API_TEXT, 0),
	TU_API_COLUMN(struct file_row, component, TU_API_TEXT, 0),
	TU_API_COLUMN(struct file_row, version, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct file_row, device, TU_API_TEXT, 0),
	TU_API_COLUMN(struct file_row, release, TU_API_TEXT, 0),
	TU_API_COLUMN(struct file_row, release_name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct file_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct file_row, released, TU_API_DATE, TU_API_OPT),
};
const struct tu_api_table tu_api_table_file_use =
	TU_API_TABLE("FileUse", struct file_row, file_columns);

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	return tu_api_page_of(call, page, self, err);
}

enum tu_status tu_api_find_files(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_where_files files = {.arena = call->arena,
		.scope = &call->who.scope,
		.hash = tu_api_query(call, "value")};
	struct file_row *rows;
	struct tu_api_rows all;
	enum tu_status status = tu_where_hash(tu_api_store(call), &files, err);

	if (status != TU_OK)
		return status;
	rows = tu_arena_array(call->arena, files.count, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	for (size_t i = 0; i < files.count; i++) {
		const struct tu_where_file *from = &files.rows[i];

		rows[i] = (struct file_row){from->algorithm, from->component, from->version,
			from->device, from->release, from->release_name, from->state,
			from->released};
	}
	all = (struct tu_api_rows){rows, files.count};
	return tu_api_answer_page(call, fetch, &all, err);
}

/* ---- components of a release ---- */

struct component_row {
	struct tu_str name, version, purl, package, harm;
	int64_t uses, findings;
	bool data;
};

static const struct tu_api_column component_columns[] = {
	TU_API_COLUMN(struct component_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct component_row, version, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct component_row, purl, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct component_row, package, TU_API_TEXT, 0),
	TU_API_COLUMN(struct component_row, data, TU_API_BOOL, 0),
	TU_API_COLUMN(struct component_row, harm, TU_API_TEXT, 0),
	TU_API_COLUMN(struct component_row, uses, TU_API_INT, 0),
	TU_API_COLUMN(struct component_row, findings, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_release_component =
	TU_API_TABLE("ReleaseComponent", struct component_row, component_columns);

enum tu_status tu_api_list_release_components(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_release_parts parts = {
		.arena = call->arena, .scope = &call->who.scope, .release = call->path[0]};
	struct component_row *rows;
	struct tu_api_rows all;
	enum tu_status status = tu_release_parts(tu_api_store(call), &parts, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "release");
	if (status != TU_OK)
		return status;
	rows = tu_arena_array(call->arena, parts.count, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	for (size_t i = 0; i < parts.count; i++) {
		const struct tu_release_part *from = &parts.rows[i];

		rows[i] = (struct component_row){.name = from->name,
			.version = from->version,
			.purl = from->purl,
			.package = from->package,
			.harm = tu_str_c(tu_harm_name((enum tu_harm)from->harm)),
			.uses = from->uses,
			.findings = from->findings,
			.data = from->known};
	}
	all = (struct tu_api_rows){rows, parts.count};
	return tu_api_answer_page(call, fetch, &all, err);
}
