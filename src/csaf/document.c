/* A document prepared for its tests: products, branches, groups, revisions. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "csaf/csaf.h"

enum {
	PROBLEMS_A_TEST = 100, /* kept in full; the rest is counted */
	IDS_BYTES = 256 << 20,
	WORK_MAX = 200 * 1000 * 1000
};

const char *const tu_csaf_product_references[] = {
	"product_tree/product_groups/*/product_ids/*",
	"product_tree/relationships/*/product_reference",
	"product_tree/relationships/*/relates_to_product_reference",
	"product_tree/product_paths/*/beginning_product_reference",
	"product_tree/product_paths/*/subpaths/*/next_product_reference",
	"document/notes/*/product_ids/*",
	"vulnerabilities/*/first_known_exploitation_dates/*/product_ids/*",
	"vulnerabilities/*/flags/*/product_ids/*",
	"vulnerabilities/*/ids/*/product_ids/*",
	"vulnerabilities/*/involvements/*/product_ids/*",
	"vulnerabilities/*/metrics/*/products/*",
	"vulnerabilities/*/notes/*/product_ids/*",
	"vulnerabilities/*/product_status/*/*",
	"vulnerabilities/*/remediations/*/product_ids/*",
	"vulnerabilities/*/scores/*/products/*",
	"vulnerabilities/*/threats/*/product_ids/*",
};
const size_t tu_csaf_product_reference_count = TU_COUNT(tu_csaf_product_references);

const char *const tu_csaf_group_references[] = {
	"document/notes/*/group_ids/*",
	"vulnerabilities/*/first_known_exploitation_dates/*/group_ids/*",
	"vulnerabilities/*/flags/*/group_ids/*",
	"vulnerabilities/*/ids/*/group_ids/*",
	"vulnerabilities/*/involvements/*/group_ids/*",
	"vulnerabilities/*/notes/*/group_ids/*",
	"vulnerabilities/*/remediations/*/group_ids/*",
	"vulnerabilities/*/threats/*/group_ids/*",
};
const size_t tu_csaf_group_reference_count = TU_COUNT(tu_csaf_group_references);

static const struct {
	const char *category;
	enum tu_csaf_profile profile;
	uint8_t versions;
} profiles[] = {
	{"csaf_informational_advisory", TU_CSAF_INFORMATIONAL, TU_CSAF_BOTH},
	{"csaf_security_incident_response", TU_CSAF_INCIDENT, TU_CSAF_BOTH},
	{"csaf_security_advisory", TU_CSAF_ADVISORY, TU_CSAF_BOTH},
	{"csaf_vex", TU_CSAF_VEX, TU_CSAF_BOTH},
	{"csaf_deprecated_security_advisory", TU_CSAF_DEPRECATED, TU_CSAF_21},
	{"csaf_withdrawn", TU_CSAF_WITHDRAWN, TU_CSAF_21},
	{"csaf_superseded", TU_CSAF_SUPERSEDED, TU_CSAF_21},
};

void tu_csaf_out_of(struct tu_csaf *csaf, enum tu_status status)
{
	if (csaf->status == TU_OK)
		csaf->status = status;
}

/* ---- telling ---- */

static bool pointer_of(
	struct tu_csaf *csaf, struct tu_json at, const char *member, struct tu_str *out_pointer)
{
	struct tu_buf buf;
	bool fine;

	tu_buf_init(&buf, 1 << 20);
	tu_json_pointer(at, &buf);
	if (member)
		tu_buf_printf(&buf, "/%s", member);
	fine = !buf.failed && tu_arena_dup(csaf->arena, tu_buf_str(&buf), out_pointer);
	tu_buf_done(&buf);
	return fine;
}

void tu_csaf_fail(struct tu_csaf *csaf, struct tu_json at, const char *member, const char *fmt, ...)
{
	const struct tu_csaf_test *test = csaf->test;
	struct tu_csaf_problem problem = {
		.test = tu_str_c(test->id), .title = tu_str_c(test->title), .class_ = test->class_};
	struct tu_error message = {0};
	va_list args;

	csaf->counts[test->class_]++;
	if (csaf->test_problems++ >= PROBLEMS_A_TEST) {
		csaf->left_out++;
		return;
	}
	va_start(args, fmt);
	vsnprintf(message.message, sizeof(message.message), fmt, args);
	va_end(args);
	if (!pointer_of(csaf, at, member, &problem.pointer) ||
		!tu_arena_dup(csaf->arena, tu_str_c(message.message), &problem.message) ||
		!TU_VEC_PUSH_IN(csaf->arena, &csaf->problems, problem))
		tu_csaf_out_of(csaf, TU_E_NOMEM);
}

/* ---- walking ---- */

void tu_csaf_each(struct tu_csaf *csaf, struct tu_json from, const char *path,
	void (*visit)(struct tu_csaf *csaf, struct tu_json value, void *context), void *context)
{
	const char *slash = strchr(path, '/');
	struct tu_str key = tu_str_of(path, slash ? (size_t)(slash - path) : strlen(path));
	const char *rest = slash ? slash + 1 : "";
	struct tu_json_iter iter;
	struct tu_json value;
	struct tu_str name;

	if (!from.doc || csaf->status)
		return;
	if (!*path) {
		visit(csaf, from, context);
		return;
	}
	if (!tu_str_eq(key, TU_STR("*"))) {
		tu_csaf_each(csaf, tu_json_get(from, key), rest, visit, context);
		return;
	}
	iter = tu_json_iter(from);
	while (tu_json_is_object(from) ? tu_json_next_member(&iter, &name, &value)
				       : tu_json_next_item(&iter, &value))
		tu_csaf_each(csaf, value, rest, visit, context);
}

/* ---- product ids ---- */

static uint32_t number_of(struct tu_csaf *csaf, struct tu_str id)
{
	uint32_t number = TU_CSAF_NONE;

	if (csaf->status == TU_OK && !tu_intern_add(csaf->product_tree.ids, id, &number))
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	return number;
}

static void visit_reference(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	(void)context;
	number_of(csaf, tu_json_str(value));
}

static void collect_products(struct tu_csaf *csaf)
{
	csaf->product_tree.arena = csaf->arena;
	tu_csaf_tree_read(&csaf->product_tree, csaf->tree);
	tu_csaf_out_of(csaf, csaf->product_tree.status);
	for (size_t i = 0; i < tu_csaf_product_reference_count; i++)
		tu_csaf_each(
			csaf, csaf->root, tu_csaf_product_references[i], visit_reference, NULL);
}

static void prepare_marks(struct tu_csaf *csaf)
{
	size_t count = tu_intern_count(csaf->product_tree.ids);

	csaf->marks = tu_arena_array(csaf->arena, count, sizeof(*csaf->marks));
	csaf->marked_by = tu_arena_array(csaf->arena, count, sizeof(*csaf->marked_by));
	if (!csaf->marks || !csaf->marked_by)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
}

/* ---- groups ---- */

static void visit_group_reference(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	uint32_t number;

	(void)context;
	if (!tu_intern_add(csaf->group_ids, tu_json_str(value), &number))
		tu_csaf_out_of(csaf, TU_E_NOMEM);
}

static void fill_group(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	struct tu_csaf_numbers numbers = {0};
	uint32_t number = tu_intern_find(csaf->group_ids, TU_JSON_STR(value, "group_id"));
	struct tu_csaf_group *group = &csaf->groups[number];

	(void)context;
	if (group->value.doc)
		return; /* defined twice: the first one counts, 6.1.5 tells */
	tu_csaf_list(csaf, tu_json_get(value, TU_STR("product_ids")), &numbers);
	*group = (struct tu_csaf_group){value, numbers.at, numbers.count};
}

static void collect_groups(struct tu_csaf *csaf)
{
	tu_csaf_each(csaf, csaf->tree, "product_groups/*/group_id", visit_group_reference, NULL);
	visit_group_reference(csaf, (struct tu_json){0}, NULL);
	if (csaf->status)
		return;
	csaf->groups = tu_arena_array(
		csaf->arena, tu_intern_count(csaf->group_ids), sizeof(*csaf->groups));
	if (!csaf->groups)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	else
		tu_csaf_each(csaf, csaf->tree, "product_groups/*", fill_group, NULL);
}

uint32_t tu_csaf_number(const struct tu_csaf *csaf, struct tu_json id)
{
	return tu_intern_find(csaf->product_tree.ids, tu_json_str(id));
}

struct tu_str tu_csaf_id(const struct tu_csaf *csaf, uint32_t number)
{
	return tu_intern_str(csaf->product_tree.ids, number);
}

static void add_number(struct tu_csaf *csaf, uint32_t number, struct tu_csaf_numbers *out)
{
	if (number == TU_CSAF_NONE)
		return;
	if (csaf->work++ >= WORK_MAX)
		tu_csaf_out_of(csaf, TU_E_LIMIT);
	if (csaf->status == TU_OK && !TU_VEC_PUSH_IN(csaf->arena, out, number))
		tu_csaf_out_of(csaf, TU_E_NOMEM);
}

void tu_csaf_list(struct tu_csaf *csaf, struct tu_json ids, struct tu_csaf_numbers *out)
{
	struct tu_json id;

	TU_CSAF_EACH(id, ids)
	add_number(csaf, tu_csaf_number(csaf, id), out);
}

void tu_csaf_refer(struct tu_csaf *csaf, struct tu_json item, struct tu_csaf_numbers *out)
{
	struct tu_json id;

	out->count = 0;
	tu_csaf_list(csaf, tu_json_get(item, TU_STR("product_ids")), out);
	TU_CSAF_EACH(id, tu_json_get(item, TU_STR("group_ids")))
	{
		uint32_t number = tu_intern_find(csaf->group_ids, tu_json_str(id));
		const struct tu_csaf_group *group =
			number == TU_INTERN_NONE ? NULL : &csaf->groups[number];
		for (size_t i = 0; group && i < group->count && !csaf->status; i++)
			add_number(csaf, group->products[i], out);
	}
}

/* ---- sets ---- */

void tu_csaf_marks_clear(struct tu_csaf *csaf)
{
	csaf->stamp++;
}

bool tu_csaf_marked(const struct tu_csaf *csaf, uint32_t number)
{
	return number != TU_CSAF_NONE && csaf->marks[number] == csaf->stamp;
}

bool tu_csaf_mark(struct tu_csaf *csaf, uint32_t number, uint32_t by, uint32_t *out_by)
{
	if (tu_csaf_marked(csaf, number)) {
		*out_by = csaf->marked_by[number];
		return false;
	}
	csaf->marks[number] = csaf->stamp;
	csaf->marked_by[number] = by;
	return true;
}

/* ---- revisions ---- */

static int compare_revisions(const void *left, const void *right)
{
	const struct tu_csaf_revision *a = left, *b = right;
	int order = tu_csaf_instant_compare(a->date, b->date);

	return order ? order : tu_csaf_version_compare(a->number, b->number, true);
}

static void collect_revisions(struct tu_csaf *csaf)
{
	struct tu_json list = tu_json_get(csaf->tracking, TU_STR("revision_history"));
	size_t count = tu_json_is_array(list) ? tu_json_count(list) : 0;
	struct tu_csaf_revision *revisions = tu_arena_array(csaf->arena, count, sizeof(*revisions));
	struct tu_json value;

	if (!revisions) {
		tu_csaf_out_of(csaf, TU_E_NOMEM);
		return;
	}
	TU_CSAF_EACH(value, list)
	revisions[csaf->revision_count++] = (struct tu_csaf_revision){
		value, TU_JSON_STR(value, "number"), tu_csaf_instant(TU_JSON_STR(value, "date"))};
	if (count)
		qsort(revisions, count, sizeof(*revisions), compare_revisions);
	csaf->revisions = revisions;
}

struct tu_csaf_instant tu_csaf_newest(const struct tu_csaf *csaf)
{
	return csaf->revision_count ? csaf->revisions[csaf->revision_count - 1].date
				    : (struct tu_csaf_instant){0};
}

/* ---- the whole ---- */

bool tu_csaf_is_released(const struct tu_csaf *csaf)
{
	struct tu_str status = TU_JSON_STR(csaf->tracking, "status");

	return tu_str_eq(status, TU_STR("final")) || tu_str_eq(status, TU_STR("interim"));
}

bool tu_csaf_is_english(const struct tu_csaf *csaf)
{
	struct tu_str lang = TU_JSON_STR(csaf->document, "lang");

	return !lang.len || tu_str_ieq(lang, TU_STR("en")) || tu_str_istarts(lang, TU_STR("en-"));
}

static enum tu_csaf_profile profile_of(const struct tu_csaf *csaf)
{
	struct tu_str category = TU_JSON_STR(csaf->document, "category");

	for (size_t i = 0; i < TU_COUNT(profiles); i++)
		if ((profiles[i].versions & csaf->version) &&
			tu_str_eq(category, tu_str_c(profiles[i].category)))
			return profiles[i].profile;
	return TU_CSAF_BASE;
}

void tu_csaf_prepare(struct tu_csaf *csaf)
{
	csaf->document = tu_json_get(csaf->root, TU_STR("document"));
	csaf->tracking = tu_json_get(csaf->document, TU_STR("tracking"));
	csaf->tree = tu_json_get(csaf->root, TU_STR("product_tree"));
	csaf->vulnerabilities = tu_json_get(csaf->root, TU_STR("vulnerabilities"));
	csaf->profile = profile_of(csaf);
	csaf->group_ids = tu_intern_new(IDS_BYTES);
	if (!csaf->group_ids) {
		tu_csaf_out_of(csaf, TU_E_NOMEM);
		return;
	}
	collect_products(csaf);
	if (csaf->status == TU_OK)
		prepare_marks(csaf);
	if (csaf->status == TU_OK)
		collect_groups(csaf);
	if (csaf->status == TU_OK)
		collect_revisions(csaf);
}

void tu_csaf_release(struct tu_csaf *csaf)
{
	tu_csaf_tree_done(&csaf->product_tree);
	tu_intern_free(csaf->group_ids);
	csaf->group_ids = NULL;
}
