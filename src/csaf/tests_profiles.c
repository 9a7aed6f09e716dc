/* Tests of the profiles (6.1.27): the table says for which profile each is run. */
#include "csaf/tests.h"

static struct tu_json part(struct tu_csaf *csaf, const char *member)
{
	return tu_json_get(csaf->document, tu_str_c(member));
}

static bool is_any(struct tu_str text, const char *const *words)
{
	for (; *words; words++)
		if (tu_str_eq(text, tu_str_c(*words)))
			return true;
	return false;
}

/* ---- the document ---- */

static void want_note(struct tu_csaf *csaf, const char *const *categories, const char *message)
{
	struct tu_json note;

	TU_CSAF_EACH(note, part(csaf, "notes"))
	if (is_any(TU_JSON_STR(note, "category"), categories))
		return;
	tu_csaf_fail(csaf, csaf->document, "notes", "%s", message);
}

TU_CSAF_TEST(6_1_27_1)
{
	static const char *const categories[] = {
		"description", "details", "general", "summary", NULL};

	want_note(csaf, categories, "no note of category description, details, general or summary");
}

TU_CSAF_TEST(6_1_27_14)
{
	static const char *const categories[] = {"description", NULL};

	want_note(csaf, categories, "no note of category description");
}

TU_CSAF_TEST(6_1_27_2)
{
	struct tu_json reference;

	TU_CSAF_EACH(reference, part(csaf, "references"))
	if (!tu_str_eq(TU_JSON_STR(reference, "category"), TU_STR("self")))
		return;
	tu_csaf_fail(csaf, csaf->document, "references", "no external reference");
}

TU_CSAF_TEST(6_1_27_3)
{
	if (csaf->vulnerabilities.doc)
		tu_csaf_fail(
			csaf, csaf->vulnerabilities, NULL, "the profile has no vulnerabilities");
}

TU_CSAF_TEST(6_1_27_4)
{
	if (!csaf->tree.doc)
		tu_csaf_fail(
			csaf, csaf->root, "product_tree", "the profile demands a product tree");
}

TU_CSAF_TEST(6_1_27_11)
{
	if (!csaf->vulnerabilities.doc)
		tu_csaf_fail(
			csaf, csaf->root, "vulnerabilities", "the profile demands vulnerabilities");
}

TU_CSAF_TEST(6_1_27_15)
{
	if (csaf->tree.doc)
		tu_csaf_fail(csaf, csaf->tree, NULL, "the profile has no product tree");
}

TU_CSAF_TEST(6_1_27_16)
{
	if (csaf->revision_count < 2)
		tu_csaf_fail(csaf, csaf->tracking, "revision_history",
			"the profile demands at least two revisions");
}

/* Exactly one note with the title, and of category description. */
static void want_reasoning(struct tu_csaf *csaf, const char *title)
{
	struct tu_json note, found = {0};
	size_t count = 0;

	if (!tu_csaf_is_english(csaf))
		return;
	TU_CSAF_EACH(note, part(csaf, "notes"))
	if (tu_str_eq(TU_JSON_STR(note, "title"), tu_str_c(title))) {
		found = note;
		count++;
	}
	if (count != 1)
		tu_csaf_fail(csaf, csaf->document, "notes",
			"%zu notes have the title \"%s\", not one", count, title);
	else if (!tu_str_eq(TU_JSON_STR(found, "category"), TU_STR("description")))
		tu_csaf_fail(
			csaf, found, "category", "the category of \"%s\" is description", title);
}

TU_CSAF_TEST(6_1_27_17)
{
	want_reasoning(csaf, "Reasoning for Withdrawal");
}

TU_CSAF_TEST(6_1_27_18)
{
	want_reasoning(csaf, "Reasoning for Supersession");
}

TU_CSAF_TEST(6_1_27_19)
{
	struct tu_json reference;

	if (!tu_csaf_is_english(csaf))
		return;
	TU_CSAF_EACH(reference, part(csaf, "references"))
	if (tu_str_starts(TU_JSON_STR(reference, "summary"), TU_STR("Superseding Document")) &&
		tu_str_eq(TU_JSON_STR(reference, "category"), TU_STR("external")))
		return;
	tu_csaf_fail(csaf, csaf->document, "references",
		"no external reference whose summary starts with \"Superseding Document\"");
}

/* ---- each vulnerability ---- */

static void want_member(struct tu_csaf *csaf, const char *member)
{
	struct tu_json vulnerability;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	if (!tu_json_get(vulnerability, tu_str_c(member)).doc)
		tu_csaf_fail(csaf, vulnerability, member, "the profile demands it");
}

TU_CSAF_TEST(6_1_27_5)
{
	want_member(csaf, "notes");
}

TU_CSAF_TEST(6_1_27_6)
{
	want_member(csaf, "product_status");
}

static struct tu_json status_of(struct tu_json vulnerability, const char *member)
{
	return tu_json_get(tu_json_get(vulnerability, TU_STR("product_status")), tu_str_c(member));
}

TU_CSAF_TEST(6_1_27_7)
{
	static const char *const statuses[] = {
		"fixed", "known_affected", "known_not_affected", "under_investigation"};
	struct tu_json vulnerability;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		bool any = false;
		for (size_t i = 0; i < TU_COUNT(statuses); i++)
			any |= status_of(vulnerability, statuses[i]).doc != NULL;
		if (!any)
			tu_csaf_fail(csaf, vulnerability, "product_status",
				"none of fixed, known_affected, known_not_affected, "
				"under_investigation");
	}
}

static void mark_list(struct tu_csaf *csaf, const struct tu_csaf_numbers *numbers)
{
	uint32_t by;

	for (size_t i = 0; i < numbers->count; i++)
		(void)tu_csaf_mark(csaf, numbers->at[i], 0, &by);
}

/* Every product id of a list must have been marked. */
static void want_marked(struct tu_csaf *csaf, struct tu_json list, const char *what)
{
	struct tu_json id;

	TU_CSAF_EACH(id, list)
	if (!tu_csaf_marked(csaf, tu_csaf_number(csaf, id)))
		tu_csaf_fail(csaf, id, NULL, "product \"%.*s\" has no %s",
			TU_STR_FMT(tu_str_first(tu_json_str(id), 80)), what);
}

/* Mark what the items of a list refer to; false when one refers to no product: it is for all. */
static bool mark_references(
	struct tu_csaf *csaf, struct tu_json list, const char *category, bool *out_general)
{
	struct tu_csaf_numbers numbers = {0};
	struct tu_json item;

	*out_general = false;
	TU_CSAF_EACH(item, list)
	{
		if (category && !tu_str_eq(TU_JSON_STR(item, "category"), tu_str_c(category)))
			continue;
		if (!tu_json_get(item, TU_STR("product_ids")).doc &&
			!tu_json_get(item, TU_STR("group_ids")).doc)
			*out_general = true;
		tu_csaf_refer(csaf, item, &numbers);
		mark_list(csaf, &numbers);
	}
	return csaf->status == TU_OK;
}

TU_CSAF_TEST(6_1_27_8)
{
	struct tu_json vulnerability, list;
	bool general;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		struct tu_json ids = tu_json_get(vulnerability, TU_STR("ids"));
		if (tu_json_get(vulnerability, TU_STR("cve")).doc)
			continue;
		if (!ids.doc) {
			tu_csaf_fail(csaf, vulnerability, NULL, "neither cve nor ids is given");
			continue;
		}
		tu_csaf_marks_clear(csaf);
		if (csaf->version == TU_CSAF_20 || !mark_references(csaf, ids, NULL, &general) ||
			general)
			continue;
		struct tu_json status = tu_json_get(vulnerability, TU_STR("product_status"));
		struct tu_json_iter iter = tu_json_iter(status);
		struct tu_str key;
		while (tu_json_is_object(status) && tu_json_next_member(&iter, &key, &list))
			want_marked(csaf, list, "id of the vulnerability");
	}
}

TU_CSAF_TEST(6_1_27_9)
{
	struct tu_json vulnerability;
	bool general;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		tu_csaf_marks_clear(csaf);
		if (mark_references(
			    csaf, tu_json_get(vulnerability, TU_STR("flags")), NULL, &general) &&
			mark_references(csaf, tu_json_get(vulnerability, TU_STR("threats")),
				"impact", &general))
			want_marked(csaf, status_of(vulnerability, "known_not_affected"),
				"impact statement: a flag, or a threat of category impact");
	}
}

TU_CSAF_TEST(6_1_27_10)
{
	struct tu_json vulnerability;
	bool general;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	{
		tu_csaf_marks_clear(csaf);
		if (mark_references(csaf, tu_json_get(vulnerability, TU_STR("remediations")), NULL,
			    &general))
			want_marked(csaf, status_of(vulnerability, "known_affected"),
				"action statement: a remediation");
	}
}

TU_CSAF_TEST(6_1_27_12)
{
	struct tu_json vulnerability;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	if (!status_of(vulnerability, "known_affected").doc)
		tu_csaf_fail(csaf, vulnerability, "product_status/known_affected",
			"the profile demands it");
}

/* ---- a fixed product was an affected one (6.1.27.13) ---- */

/* The product without its version: the nearest branch that names none. */
static uint32_t line_of(const struct tu_csaf *csaf, uint32_t branch)
{
	static const char *const versions[] = {"product_version", "product_version_range",
		"patch_level", "service_pack", "legacy", NULL};

	while (branch != TU_CSAF_NONE &&
		is_any(csaf->product_tree.branches.at[branch].category, versions))
		branch = csaf->product_tree.branches.at[branch].parent;
	return branch;
}

struct lines {
	uint32_t *definition; /* by number of the id: index of its product; 0 none, else + 1 */
	struct tu_json *paths; /* by number: the product path that defines it */
};

/* Append what two versions of one product have in common. */
static void add_line(struct tu_csaf *csaf, const struct lines *lines, uint32_t number,
	struct tu_buf *out, int depth)
{
	struct tu_json path, step;
	uint32_t definition;

	if (number == TU_CSAF_NONE || depth > 16)
		return;
	path = lines->paths[number];
	definition = lines->definition[number];
	if (!path.doc) {
		uint32_t branch = definition ? csaf->product_tree.products.at[definition - 1].branch
					     : TU_CSAF_NONE;
		tu_buf_printf(out, "%u", line_of(csaf, branch));
		return;
	}
	add_line(csaf, lines,
		tu_csaf_number(csaf, tu_json_get(path, TU_STR("beginning_product_reference"))), out,
		depth + 1);
	TU_CSAF_EACH(step, tu_json_get(path, TU_STR("subpaths")))
	{
		if (tu_str_eq(TU_JSON_STR(step, "category"), TU_STR("installed_with")))
			return;
		tu_buf_byte(out, '/');
		tu_buf_str_add(out, TU_JSON_STR(step, "category"));
		tu_buf_byte(out, '/');
		tu_buf_str_add(out, TU_JSON_STR(step, "next_product_reference"));
	}
}

static bool line_id(struct tu_csaf *csaf, const struct lines *lines, uint32_t number,
	struct tu_intern *seen, bool add, uint32_t *out_id)
{
	struct tu_buf line;
	bool fine;

	tu_buf_init(&line, 1 << 20);
	add_line(csaf, lines, number, &line, 0);
	fine = !line.failed;
	if (add)
		fine = fine && tu_intern_add(seen, tu_buf_str(&line), out_id);
	else
		*out_id = tu_intern_find(seen, tu_buf_str(&line));
	tu_buf_done(&line);
	if (!fine)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	return fine;
}

static void check_fixed(
	struct tu_csaf *csaf, const struct lines *lines, struct tu_json vulnerability)
{
	static const char *const affected[] = {"first_affected", "known_affected", "last_affected"};
	struct tu_intern *seen = tu_intern_new((size_t)1 << 28);
	struct tu_json id;
	uint32_t line;

	if (!seen)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	for (size_t i = 0; i < TU_COUNT(affected); i++)
		TU_CSAF_EACH(id, status_of(vulnerability, affected[i]))
	if (csaf->status || !line_id(csaf, lines, tu_csaf_number(csaf, id), seen, true, &line))
		break;
	TU_CSAF_EACH(id, status_of(vulnerability, "fixed"))
	{
		if (csaf->status ||
			!line_id(csaf, lines, tu_csaf_number(csaf, id), seen, false, &line))
			break;
		if (line == TU_INTERN_NONE)
			tu_csaf_fail(csaf, id, NULL,
				"no other version of product \"%.*s\" is listed as affected",
				TU_STR_FMT(tu_str_first(tu_json_str(id), 80)));
	}
	tu_intern_free(seen);
}

TU_CSAF_TEST(6_1_27_13)
{
	size_t count = tu_intern_count(csaf->product_tree.ids);
	struct lines lines = {tu_arena_array(csaf->arena, count, sizeof(uint32_t)),
		tu_arena_array(csaf->arena, count, sizeof(struct tu_json))};
	struct tu_json item;

	if (!lines.definition || !lines.paths) {
		tu_csaf_out_of(csaf, TU_E_NOMEM);
		return;
	}
	for (size_t i = 0; i < csaf->product_tree.products.count; i++)
		lines.definition[csaf->product_tree.products.at[i].number] = (uint32_t)i + 1;
	TU_CSAF_EACH(item, tu_json_get(csaf->tree, TU_STR("product_paths")))
	{
		struct tu_json product = tu_json_get(item, TU_STR("full_product_name"));
		uint32_t number = tu_csaf_number(csaf, tu_json_get(product, TU_STR("product_id")));
		if (number != TU_CSAF_NONE)
			lines.paths[number] = item;
	}
	TU_CSAF_EACH_VULNERABILITY(item, csaf)
	check_fixed(csaf, &lines, item);
}
