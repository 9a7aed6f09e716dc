/* The SBOM, the statements in it, what was not understood, and the sources of the knowledge base.
 */
#include "report/page_parts.h"

#include <stdlib.h>

#include "base/sha256.h"
#include "sbom/nothing.h"

/* ---- what the SBOM has ---- */

static bool has_version(const struct tu_component *c)
{
	return c->version.len > 0;
}

static bool has_supplier(const struct tu_component *c)
{
	return c->supplier.len > 0;
}

static bool has_purl(const struct tu_component *c)
{
	return c->purl.len > 0;
}

static bool has_cpe(const struct tu_component *c)
{
	return c->cpe_count > 0;
}

static bool has_hash(const struct tu_component *c)
{
	return c->hash_count > 0;
}

static bool has_licence(const struct tu_component *c)
{
	return tu_sbom__states_licence(c);
}

static const struct {
	const char *name;
	bool (*has)(const struct tu_component *component);
} qualities[] = {
	{"version", has_version},
	{"supplier", has_supplier},
	{"package URL", has_purl},
	{"CPE", has_cpe},
	{"hash", has_hash},
	{"licence", has_licence},
};

static void add_quality(struct tu_page *page, size_t index)
{
	const struct tu_inventory *inventory = page->in->inventory;
	size_t all = inventory->component_count, with = 0;

	for (size_t i = 0; i < all; i++)
		with += qualities[index].has(&inventory->components[i]);
	tu_page__raw(page, "<tr>");
	tu_page__row_head(page, tu_str_c(qualities[index].name));
	tu_page__cell_count(page, with);
	tu_page__cell_count(page, all - with);
	tu_page__raw(page, "</tr>\n");
}

static void add_summary(struct tu_page *page)
{
	const struct tu_inventory *inventory = page->in->inventory;
	static const char *const heads[] = {"Field", "#Components with it", "#Without", NULL};

	tu_page__raw(page, "<dl class=\"facts\">");
	tu_page__fact(page, "File", page->in->release->sbom);
	tu_page__term(page, "Format");
	tu_page__word(page, tu_sbom_format_name(inventory->format));
	tu_page__raw(page, " ");
	tu_page__text(page, inventory->spec_version);
	tu_page__raw(page, "</dd>");
	tu_page__fact(page, "Serial", inventory->serial);
	tu_page__fact(page, "Created", inventory->created);
	tu_page__term(page, "Components");
	tu_html_count(page->out, inventory->component_count);
	tu_page__raw(page, ", ");
	tu_html_count(page->out, page->in->match->counts.distinct);
	tu_page__raw(page, " distinct; ");
	tu_html_counted(page->out, inventory->relationship_count, "relationship", "relationships");
	tu_page__raw(page, "</dd></dl>\n");
	tu_page__table(page, "sbom-fields",
		TU_STR("Fields that the SBOM states for its components"), heads);
	for (size_t i = 0; i < TU_COUNT(qualities); i++)
		add_quality(page, i);
	tu_page__table_end(page);
}

/* ---- statements ---- */

/* Findings that the SBOM itself decides: by a VEX statement or a patch. */
struct stated {
	const struct tu_finding **at; /* by vulnerability */
	size_t count;
};

static int compare_stated(const void *a, const void *b)
{
	const struct tu_finding *x = *(const struct tu_finding *const *)a;
	const struct tu_finding *y = *(const struct tu_finding *const *)b;

	if (x->vulnerability != y->vulnerability)
		return x->vulnerability < y->vulnerability ? -1 : 1;
	return (x > y) - (x < y);
}

static bool take_stated(struct tu_page *page, struct stated *out)
{
	const struct tu_match_result *match = page->in->match;

	*out = (struct stated){0};
	out->at = tu_arena_array(page->in->arena, match->finding_count, sizeof(*out->at));
	if (!out->at)
		return false;
	for (size_t i = 0; i < match->finding_count; i++)
		if (match->findings[i].reason == TU_WHY_VEX ||
			match->findings[i].reason == TU_WHY_PATCHED)
			out->at[out->count++] = &match->findings[i];
	if (out->count)
		qsort(out->at, out->count, sizeof(*out->at), compare_stated);
	return true;
}

static void add_stated_row(struct tu_page *page, const struct tu_finding *finding)
{
	const struct tu_distinct *distinct = &page->in->match->distinct[finding->distinct];

	tu_page__raw(page, "<tr>");
	tu_page__row_id(page, tu_kb_vulnerability(page->in->kb, finding->vulnerability).id);
	tu_page__raw(page, "<td>");
	tu_page__component(page, &page->in->inventory->components[distinct->first]);
	tu_page__raw(page, "</td>");
	tu_page__cell_word(page, tu_match_verdict_name(finding->verdict));
	tu_page__cell_word(page, tu_reason_sentence(finding->reason));
	tu_page__cell(page, finding->statement);
	tu_page__raw(page, "</tr>\n");
	tu_page__spill(page);
}

static bool is_among(const struct tu_vex_product *product, const struct tu_distinct *distinct)
{
	for (size_t s = 0; s < product->component_count; s++)
		for (size_t d = 0; d < distinct->component_count; d++)
			if (product->components[s] == distinct->components[d])
				return true;
	return product->whole;
}

static bool is_about(const struct tu_vex_claim *claim, const struct tu_distinct *distinct)
{
	for (size_t i = 0; i < claim->product_count; i++)
		if (is_among(&claim->products[i], distinct))
			return true;
	return false;
}

static bool names(const struct tu_vex_claim *claim, uint32_t component)
{
	for (size_t i = 0; i < claim->product_count; i++)
		for (size_t k = 0; k < claim->products[i].component_count; k++)
			if (claim->products[i].components[k] == component)
				return true;
	return false;
}

static bool is_used(
	const struct tu_page *page, const struct stated *stated, const struct tu_vex_claim *claim)
{
	uint32_t wanted = tu_kb_find(page->in->kb, claim->vulnerability);
	size_t low = 0, high = stated->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stated->at[middle]->vulnerability < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < stated->count && stated->at[low]->vulnerability == wanted; low++)
		if (stated->at[low]->reason == TU_WHY_VEX &&
			(is_about(claim, &page->in->match->distinct[stated->at[low]->distinct]) ||
				names(claim, page->in->inventory->subject)))
			return true;
	return false;
}

static void add_products(struct tu_page *page, const struct tu_vex_claim *claim)
{
	const struct tu_vex_product *first = claim->products;

	if (!claim->product_count)
		tu_page__raw(page, "nothing that it names");
	else if (first->component_count)
		tu_page__component(page, &page->in->inventory->components[first->components[0]]);
	else if (first->whole)
		tu_page__raw(page, "the whole document");
	else
		tu_page__text(page, first->id);
	if (claim->product_count > 1) {
		tu_page__raw(page, " and ");
		tu_html_count(page->out, claim->product_count - 1);
		tu_page__raw(page, " more");
	}
}

static void add_claim_row(
	struct tu_page *page, const struct stated *stated, const struct tu_vex_claim *claim)
{
	tu_page__raw(page, "<tr>");
	tu_page__row_id(page, claim->vulnerability);
	tu_page__cell_word(page, tu_claim_status_name(claim->status));
	tu_page__cell(page, claim->justification);
	tu_page__cell(page, tu_claim_detail(claim));
	tu_page__raw(page, "<td>");
	add_products(page, claim);
	tu_page__raw(page,
		is_used(page, stated, claim) ? "</td><td>yes</td></tr>\n"
					     : "</td><td>no: it closes no finding</td></tr>\n");
	tu_page__spill(page);
}

static void add_statements(struct tu_page *page, const struct stated *stated)
{
	static const char *const used[] = {
		"Vulnerability", "Component", "Verdict", "Why", "What the SBOM says", NULL};
	static const char *const all[] = {
		"Vulnerability", "State", "Justification", "Detail", "About", "Used", NULL};
	const struct tu_inventory *inventory = page->in->inventory;

	tu_page__raw(page, "<h3>Statements in the SBOM</h3>\n");
	if (stated->count) {
		tu_page__table(page, NULL, TU_STR("Closed by what the SBOM says"), used);
		for (size_t i = 0; i < stated->count; i++)
			add_stated_row(page, stated->at[i]);
		tu_page__table_end(page);
	}
	if (!inventory->claim_count) {
		tu_page__raw(page, "<p>The SBOM has no VEX statements.</p>\n");
		return;
	}
	tu_page__table(page, NULL, TU_STR("VEX statements"), all);
	for (size_t i = 0; i < inventory->claim_count; i++)
		add_claim_row(page, stated, &inventory->claims[i]);
	tu_page__table_end(page);
}

/* ---- what suppliers say ---- */

static void add_supplier_row(struct tu_page *page, const struct tu_page_statement *statement)
{
	tu_page__raw(page, "<tr>");
	tu_page__row_id(page, statement->vulnerability);
	tu_page__cell_word(page, statement->status);
	tu_page__cell(page, statement->author.len ? statement->author : TU_STR("not stated"));
	tu_page__cell_word(page, statement->trusted ? "yes" : "no");
	tu_page__cell_count(page, statement->findings);
	tu_page__cell(page, tu_str_c(statement->why));
	tu_page__cell(page, statement->file);
	tu_page__raw(page, "</tr>\n");
	tu_page__spill(page);
}

static void add_suppliers(struct tu_page *page)
{
	static const char *const heads[] = {"Vulnerability", "Status", "Author", "Trusted",
		"#Findings", "Applies?", "File", NULL};

	if (!page->in->statement_count)
		return;
	tu_page__raw(page, "<h3>Supplier statements</h3>\n<p>These are proposals. ");
	tu_page__raw(page,
		page->in->propose_only
			? "None of them closes a finding, also those of authors whom the policy "
			  "trusts: only a decision does.</p>\n"
			: "A statement of a trusted author, whom the policy names, closes a "
			  "finding that has no decision.</p>\n");
	tu_page__table(page, "suppliers", TU_STR("Statements in the side files"), heads);
	for (size_t i = 0; i < page->in->statement_count; i++)
		add_supplier_row(page, &page->in->statements[i]);
	tu_page__table_end(page);
}

/* ---- notes ---- */

static void add_note(struct tu_page *page, const struct tu_sbom_note *note)
{
	tu_page__raw(page, "<tr>");
	tu_page__row_head(page, note->pointer.len ? note->pointer : TU_STR("the document"));
	tu_page__cell(page, note->message);
	tu_page__cell_count(page, note->count);
	tu_page__raw(page, "</tr>\n");
	tu_page__spill(page);
}

static void add_notes(struct tu_page *page)
{
	const struct tu_inventory *inventory = page->in->inventory;
	static const char *const heads[] = {"Where first", "What", "#Places", NULL};

	tu_page__raw(page, "<h3>Not understood in the SBOM</h3>\n");
	if (!inventory->note_count)
		tu_page__raw(page, "<p>Nothing.</p>\n");
	else
		tu_page__table(page, NULL, TU_STR("What the reader did not understand or repaired"),
			heads);
	for (size_t i = 0; i < inventory->note_count; i++)
		add_note(page, &inventory->notes[i]);
	if (inventory->note_count)
		tu_page__table_end(page);
	if (inventory->notes_left_out) {
		tu_page__raw(page, "<p>And ");
		tu_html_counted(
			page->out, inventory->notes_left_out, "more that is", "more that are");
		tu_page__raw(page, " not listed.</p>\n");
	}
}

/* ---- knowledge ---- */

static void add_source(struct tu_page *page, uint32_t index)
{
	struct tu_kb_source source = tu_kb_source(page->in->kb, index);

	tu_page__raw(page, "<tr><th scope=\"row\">");
	tu_page__word(page, tu_source_name(source.source));
	tu_page__raw(page, source.database.len ? ", " : "");
	tu_page__text(page, source.database);
	tu_page__raw(page, "</th>");
	tu_page__cell_count(page, source.records);
	tu_page__cell_date(page, source.newest, "not stated");
	tu_page__raw(page, "</tr>\n");
}

enum tu_status tu_page__knowledge(struct tu_page *page)
{
	static const char *const heads[] = {"Source", "#Records", "Newest", NULL};
	struct tu_kb_info info;

	tu_kb_info(page->in->kb, &info);
	tu_page__raw(page, "<dl class=\"facts\"><dt>Knowledge base</dt><dd>");
	if (page->in->kb_path.len)
		tu_page__text(page, page->in->kb_path);
	else
		tu_page__raw(page,
			"the built-in starter: a small selection, no substitute for the "
			"feeds");
	tu_page__raw(page, "</dd><dt>SHA-256</dt><dd class=\"hash\">");
	tu_sha256_write(info.sha256, page->out);
	tu_page__raw(page, "</dd><dt>Contents</dt><dd>");
	tu_html_counted(page->out, info.vulnerabilities, "vulnerability", "vulnerabilities");
	tu_page__raw(page, " in ");
	tu_html_counted(page->out, info.advisories, "record", "records");
	tu_page__raw(page, "</dd></dl>\n");
	tu_page__table(page, "sources", TU_STR("Records by source"), heads);
	for (uint32_t i = 0; i < info.sources; i++)
		add_source(page, i);
	tu_page__table_end(page);
	return TU_OK;
}

enum tu_status tu_page__sbom(struct tu_page *page)
{
	struct stated stated;

	if (!take_stated(page, &stated))
		return TU_E_NOMEM;
	add_summary(page);
	add_statements(page, &stated);
	add_suppliers(page);
	add_notes(page);
	return TU_OK;
}
