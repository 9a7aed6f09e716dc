/* Dependency-Track's API, version 1, as a source of an import. */
#include "app/dtrack_import.h"

#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/percent.h"

enum { PAGE = 100, PAGES_MAX = 10000, DEPTH = 200, PATH_MAX_BYTES = 4096 };
#define ANSWER_MAX ((size_t)256 << 20)

struct asking {
	struct tu_dtrack_import *x;
	const struct tu_dtrack_get *get;
	struct tu_dtrack_imported *into;
	struct tu_str uuid;
};

/* An answer, parsed; end with answer_done(). */
struct answer {
	struct tu_buf text;
	struct tu_json_parser *parser;
	struct tu_json root;
	long status;
};

static void answer_done(struct answer *a)
{
	tu_json_parser_free(a->parser);
	tu_buf_done(&a->text);
}

static enum tu_status get(
	const struct asking *k, struct tu_buf *path, struct answer *out, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = ANSWER_MAX, .depth = DEPTH};
	enum tu_status status;

	*out = (struct answer){.parser = tu_json_parser_new()};
	tu_buf_init(&out->text, ANSWER_MAX);
	status = out->parser && !path->failed
		? k->get->get(k->get->self, tu_buf_str(path), &out->text, &out->status, err)
		: tu_no_memory(err);
	if (status != TU_OK || out->status == 404)
		return status;
	if (out->status != 200)
		return tu_fail(err, TU_E_IO, 0, "%.*s: the answer is %ld%s",
			TU_STR_FMT(tu_buf_str(path)), out->status,
			out->status == 401 || out->status == 403
				? ": does the key count, and may it see the portfolio?"
				: "");
	status = tu_json_parse(out->parser, tu_buf_str(&out->text), &limits, &out->root, err);
	return status ? tu_error_prefix(err, "%.*s", TU_STR_FMT(tu_buf_str(path))) : TU_OK;
}

/* ---- a BOM ---- */

/* A copy of a value without what differs from export to export. */
static void copy(struct tu_json_writer *json, struct tu_json value, struct tu_str serial, int depth)
{
	struct tu_json_iter iter = tu_json_iter(value);
	struct tu_json each;
	struct tu_str key;
	double number = 0;
	uint64_t whole;

	if (tu_json_is_object(value)) {
		tu_json_open_object(json);
		while (tu_json_next_member(&iter, &key, &each)) {
			if (depth == 1 && tu_str_eq(key, TU_STR("timestamp")) && !serial.len)
				continue;
			tu_json_key_str(json, key);
			if (depth == 0 && tu_str_eq(key, TU_STR("serialNumber")))
				tu_json_add_str(json, serial);
			else
				copy(json, each,
					depth == 0 && tu_str_eq(key, TU_STR("metadata"))
						? TU_STR("")
						: TU_STR("-"),
					depth + 1);
		}
		tu_json_close_object(json);
	} else if (tu_json_is_array(value)) {
		tu_json_open_array(json);
		while (tu_json_next_item(&iter, &each))
			copy(json, each, TU_STR("-"), depth + 1);
		tu_json_close_array(json);
	} else if (tu_json_is_string(value)) {
		tu_json_add_str(json, tu_json_str(value));
	} else if (tu_json_u64(value, INT64_MAX, &whole)) {
		tu_json_add_int(json, (int64_t)whole);
	} else if (tu_json_number(value, &number)) {
		tu_json_add_number(json, number);
	} else if (tu_json_type(value) == TU_JSON_BOOL) {
		tu_json_add_bool(json, tu_json_true(value));
	} else {
		tu_json_add_null(json);
	}
}

/* Under the project's UUID: what is exported twice is the same, and says the same. */
static enum tu_status keep_bom(struct asking *k, struct tu_json root, struct tu_error *err)
{
	struct tu_buf text, serial;
	struct tu_json_writer json;
	bool fine;

	tu_buf_init(&text, ANSWER_MAX);
	tu_buf_init(&serial, 100);
	tu_buf_printf(&serial, "urn:uuid:%.*s", TU_STR_FMT(k->uuid));
	json = tu_json_writer(&text, true);
	copy(&json, root, tu_buf_str(&serial), 0);
	k->into->bom = tu_dtrack__keep(k->x, tu_buf_str(&text));
	k->into->bom_name = TU_STR("bom.cdx.json");
	fine = !text.failed && !serial.failed && k->into->bom.len;
	tu_buf_done(&text);
	tu_buf_done(&serial);
	return fine ? TU_OK : tu_no_memory(err);
}

static enum tu_status read_bom(struct asking *k, struct tu_error *err)
{
	struct tu_buf path;
	struct answer a;
	enum tu_status status;

	tu_buf_init(&path, PATH_MAX_BYTES);
	tu_buf_printf(&path, "/api/v1/bom/cyclonedx/project/%.*s?format=json&variant=inventory",
		TU_STR_FMT(k->uuid));
	status = get(k, &path, &a, err);
	if (status == TU_OK && a.status == 200 &&
		tu_str_eq(TU_JSON_STR(a.root, "bomFormat"), TU_STR("CycloneDX")))
		status = keep_bom(k, a.root, err);
	else if (status == TU_OK)
		status = tu_dtrack__lose(
			k->x, TU_DTRACK_LOST_BOM, k->into->name, "the project has no BOM", err);
	answer_done(&a);
	tu_buf_done(&path);
	return status;
}

/* ---- what was decided ---- */

static void add_comment(struct tu_buf *out, struct tu_json comment)
{
	struct tu_str by = TU_JSON_STR(comment, "commenter");

	tu_buf_c(out, out->len ? "\n" : "");
	if (by.len)
		tu_buf_printf(out, "%.*s: ", TU_STR_FMT(by));
	tu_buf_str_add(out, TU_JSON_STR(comment, "comment"));
}

/* Reason, response, details and the trail. */
static void take_analysis(struct asking *k, struct tu_json root, struct tu_dtrack_decided *d)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(root, TU_STR("analysisComments")));
	struct tu_json item;
	struct tu_buf comments;

	d->triage.state = tu_dtrack__keep(k->x, TU_JSON_STR(root, "analysisState"));
	d->triage.justification = tu_dtrack__keep(k->x, TU_JSON_STR(root, "analysisJustification"));
	d->triage.response = tu_dtrack__keep(k->x, TU_JSON_STR(root, "analysisResponse"));
	d->triage.details = tu_dtrack__keep(k->x, TU_JSON_STR(root, "analysisDetails"));
	d->triage.suppressed = tu_json_true(tu_json_get(root, TU_STR("isSuppressed")));
	tu_buf_init(&comments, 64 << 10);
	while (tu_json_next_item(&iter, &item)) {
		int64_t at = tu_dtrack__time(tu_json_get(item, TU_STR("timestamp")));

		add_comment(&comments, item);
		if (at >= d->at && TU_JSON_STR(item, "commenter").len)
			d->by = tu_dtrack__keep(k->x, TU_JSON_STR(item, "commenter"));
		d->at = at > d->at ? at : d->at;
	}
	d->triage.comment = tu_dtrack__keep(k->x, tu_buf_str(&comments));
	tu_buf_done(&comments);
}

static enum tu_status read_analysis(
	struct asking *k, struct tu_json finding, struct tu_dtrack_decided *d, struct tu_error *err)
{
	struct tu_str component = TU_JSON_STR(tu_json_get(finding, TU_STR("component")), "uuid");
	struct tu_str vulnerability =
		TU_JSON_STR(tu_json_get(finding, TU_STR("vulnerability")), "uuid");
	struct tu_buf path;
	struct answer a;
	enum tu_status status;

	tu_buf_init(&path, PATH_MAX_BYTES);
	tu_buf_printf(&path, "/api/v1/analysis?project=%.*s&component=", TU_STR_FMT(k->uuid));
	tu_percent_add(component, TU_STR("-"), &path);
	tu_buf_c(&path, "&vulnerability=");
	tu_percent_add(vulnerability, TU_STR("-"), &path);
	status = get(k, &path, &a, err);
	if (status == TU_OK && a.status == 200)
		take_analysis(k, a.root, d);
	answer_done(&a);
	tu_buf_done(&path);
	return status;
}

static enum tu_status take_finding(struct asking *k, struct tu_json finding, struct tu_error *err)
{
	struct tu_dtrack_decided decided;
	bool is = false;
	enum tu_status status = tu_dtrack__finding_of(k->x, finding, &decided, &is, err);

	decided.triage.origin = TU_STR("Dependency-Track's API");
	if (status == TU_OK && is)
		status = read_analysis(k, finding, &decided, err);
	if (status == TU_OK && is && !TU_VEC_PUSH_IN(k->x->arena, &k->into->decided, decided))
		status = tu_no_memory(err);
	return status;
}

/* A list in pages, and what is done with each row. */
struct listing {
	const char *query;
	enum tu_status (*take)(struct asking *k, struct tu_json row, struct tu_error *err);
	int page;
	size_t count; /* rows of this page */
	struct tu_str first; /* what names the first row of the page before */
};

/* A service that knows no pages of this list answers with all of it each time. */
static bool is_again(struct asking *k, struct listing *list, struct tu_json root)
{
	struct tu_json_iter iter = tu_json_iter(root);
	struct tu_json row;
	struct tu_str name;
	bool again;

	if (!tu_json_next_item(&iter, &row))
		return false;
	name = TU_JSON_STR(row, "matrix");
	name = name.len ? name : TU_JSON_STR(row, "uuid");
	again = list->page > 1 && tu_str_eq(name, list->first);
	list->first = tu_dtrack__keep(k->x, name);
	return again;
}

static enum tu_status read_page(struct asking *k, struct listing *list, struct tu_error *err)
{
	struct tu_buf path;
	struct answer a;
	struct tu_json_iter iter;
	struct tu_json item;
	enum tu_status status;

	list->count = 0;
	tu_buf_init(&path, PATH_MAX_BYTES);
	tu_buf_printf(&path, "%s&pageNumber=%d&pageSize=%d", list->query, list->page, PAGE);
	status = get(k, &path, &a, err);
	if (status == TU_OK && a.status != 200) /* none at all is no empty one */
		status = tu_fail(err, TU_E_IO, 0, "%.*s: the answer is %ld",
			TU_STR_FMT(tu_buf_str(&path)), a.status);
	if (status == TU_OK && !tu_json_is_array(a.root))
		status = tu_fail(err, TU_E_UNSUPPORTED, 0, "%.*s: the answer is no list",
			TU_STR_FMT(tu_buf_str(&path)));
	iter = tu_json_iter(is_again(k, list, a.root) ? (struct tu_json){0} : a.root);
	while (status == TU_OK && tu_json_next_item(&iter, &item)) {
		status = list->take(k, item, err);
		list->count++;
	}
	answer_done(&a);
	tu_buf_done(&path);
	return status;
}

/* All pages, to the first without rows: a service may give fewer rows than were asked for. What has
 * everything, whatever page was asked for, ends there, too. */
static enum tu_status all_pages(struct asking *k, struct listing list, struct tu_error *err)
{
	enum tu_status status;

	do {
		list.page++;
		status = read_page(k, &list, err);
	} while (status == TU_OK && list.count && list.page < PAGES_MAX);
	if (status == TU_OK && list.count)
		return tu_fail(err, TU_E_LIMIT, 0, "%s: more than %d pages", list.query, PAGES_MAX);
	return status;
}

/* ---- projects ---- */

static enum tu_status lose_rest(struct asking *k, struct tu_json project, struct tu_error *err)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(project, TU_STR("tags")));
	struct tu_json parent = tu_json_get(project, TU_STR("parent")), tag;
	enum tu_status status = TU_OK;

	while (status == TU_OK && tu_json_next_item(&iter, &tag)) {
		char why[600];
		struct tu_str name = TU_JSON_STR(tag, "name");

		(void)snprintf(why, sizeof(why), "of %.*s %.*s", TU_STR_FMT(k->into->name),
			TU_STR_FMT(k->into->version));
		status = tu_dtrack__lose(k->x, TU_DTRACK_LOST_TAG, name, why, err);
	}
	if (status == TU_OK && tu_json_is_object(parent))
		status = tu_dtrack__lose(k->x, TU_DTRACK_LOST_PARENT, k->into->name,
			"a project has no parent here: name the devices of a system apart", err);
	return status;
}

static enum tu_status take_project(struct asking *k, struct tu_json project, struct tu_error *err)
{
	struct tu_buf query;
	enum tu_status status = tu_dtrack__project_of(
		k->x, TU_JSON_STR(project, "name"), TU_JSON_STR(project, "version"), &k->into, err);

	k->uuid = tu_dtrack__keep(k->x, TU_JSON_STR(project, "uuid"));
	if (status != TU_OK || !k->into)
		return status;
	for (size_t i = 0; i < k->uuid.len; i++)
		if (!strchr("0123456789abcdefABCDEF-", k->uuid.ptr[i]) || k->uuid.len != 36)
			return tu_dtrack__lose(k->x, TU_DTRACK_LOST_PROJECT, k->into->name,
				"its uuid is none", err);
	k->into->uuid = k->uuid;
	status = lose_rest(k, project, err);
	if (status == TU_OK)
		status = read_bom(k, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&query, PATH_MAX_BYTES);
	tu_buf_printf(&query, "/api/v1/finding/project/%.*s?suppressed=true", TU_STR_FMT(k->uuid));
	tu_buf_byte(&query, '\0');
	status = query.failed
		? tu_no_memory(err)
		: all_pages(k, (struct listing){.query = query.ptr, .take = take_finding}, err);
	tu_buf_done(&query);
	return status;
}

enum tu_status tu_dtrack_import_api(
	struct tu_dtrack_import *x, const struct tu_dtrack_get *get_it, struct tu_error *err)
{
	struct asking k = {.x = x, .get = get_it};

	const struct listing projects = {
		.query = "/api/v1/project?excludeInactive=false", .take = take_project};

	return all_pages(&k, projects, err);
}
