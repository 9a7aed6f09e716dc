#include "app/findings.h"
#include "show/sbom_diff.h"
#include "show/sbom_text.h"

enum { TEXT_LIMIT = 1 << 20, ID_WIDTH = 20, WORD_WIDTH = 10 };

struct table {
	const struct tu_sbom_diff_answer *answer;
	struct tu_sink *sink;
	struct tu_paint paint; /* writes to the sink */
};

/* ---- what can differ ---- */

static void write_licences(const struct tu_component *c, struct tu_buf *out)
{
	for (size_t i = 0; i < c->licence_count; i++)
		tu_buf_printf(out, "%s%.*s", i ? ", " : "", TU_STR_FMT(c->licences[i].text));
}

static void write_hashes(const struct tu_component *c, struct tu_buf *out)
{
	for (size_t i = 0; i < c->hash_count; i++)
		tu_buf_printf(out, "%s%.*s:%.*s", i ? ", " : "", TU_STR_FMT(c->hashes[i].algorithm),
			TU_STR_FMT(c->hashes[i].value));
}

static void write_version(const struct tu_component *c, struct tu_buf *out)
{
	tu_buf_str_add(out, c->version);
}

static void write_supplier(const struct tu_component *c, struct tu_buf *out)
{
	tu_buf_str_add(out, c->supplier);
}

const struct tu_sbom_diff_field tu_sbom_diff_fields[TU_SBOM_DIFF_FIELDS] = {
	{TU_DIFF_VERSION, "version", write_version},
	{TU_DIFF_LICENCE, "licence", write_licences},
	{TU_DIFF_SUPPLIER, "supplier", write_supplier},
	{TU_DIFF_HASHES, "hashes", write_hashes},
};

/* ---- the table ---- */

static void add_side(const struct table *d, const char *label, const struct tu_sbom_diff_side *side)
{
	struct tu_buf words;

	tu_buf_init(&words, TEXT_LIMIT);
	tu_buf_printf(&words, "%s: ", tu_sbom_source_name(&side->source));
	tu_sbom_file_title(side->inventory, &words);
	tu_buf_printf(&words, " (%s %.*s, %zu components)",
		tu_sbom_format_name(side->inventory->format),
		TU_STR_FMT(side->inventory->spec_version), side->inventory->component_count);
	tu_sbom_text_line(&d->paint, label, tu_buf_str(&words));
	tu_buf_done(&words);
}

/* Components that only one of the documents has. */
struct singles {
	const char *heading;
	const char *sign;
	enum tu_hue hue;
	const struct tu_sbom_diff_side *side;
	const uint32_t *list;
	size_t count;
};

static void add_singles(const struct table *d, const struct singles *s)
{
	struct tu_buf *out = d->paint.out;

	if (s->count == 0)
		return;
	tu_buf_printf(out, "\n%s: %zu\n", s->heading, s->count);
	for (size_t i = 0; i < s->count; i++) {
		const struct tu_component *c = &s->side->inventory->components[s->list[i]];

		tu_buf_c(out, s->sign);
		tu_sbom_text_component(&d->paint, s->hue, c);
		if (c->name.len && c->purl.len) {
			tu_buf_c(out, "  ");
			tu_paint(&d->paint, TU_HUE_DIM, c->purl);
		}
		tu_buf_byte(out, '\n');
		tu_sink_spill(d->sink);
	}
}

static void add_value(const struct table *d, size_t field, const struct tu_component *c)
{
	struct tu_buf words;

	tu_buf_init(&words, TEXT_LIMIT);
	tu_sbom_diff_fields[field].write(c, &words);
	tu_paint(&d->paint, TU_HUE_PLAIN, words.len ? tu_buf_str(&words) : TU_STR("(none)"));
	tu_buf_done(&words);
}

static void add_pair(const struct table *d, const struct tu_diff_pair *pair)
{
	const struct tu_component *a = &d->answer->a.inventory->components[pair->a];
	const struct tu_component *b = &d->answer->b.inventory->components[pair->b];
	struct tu_buf *out = d->paint.out;

	tu_buf_c(out, "  ");
	tu_paint(&d->paint, TU_HUE_BOLD, a->name.len ? a->name : b->name);
	if (pair->by == TU_DIFF_BY_HASH && !tu_str_eq(a->name, b->name)) {
		tu_buf_c(out, " is now ");
		tu_paint(&d->paint, TU_HUE_BOLD, b->name);
	}
	tu_buf_byte(out, '\n');
	for (size_t i = 0; i < TU_SBOM_DIFF_FIELDS; i++) {
		if (!(pair->fields & tu_sbom_diff_fields[i].bit))
			continue;
		tu_buf_c(out, "    ");
		tu_paint_cell(&d->paint, TU_HUE_DIM, tu_str_c(tu_sbom_diff_fields[i].word),
			WORD_WIDTH, false);
		add_value(d, i, a);
		tu_buf_c(out, " \xe2\x86\x92 ");
		add_value(d, i, b);
		tu_buf_byte(out, '\n');
	}
	tu_sink_spill(d->sink);
}

static void add_pairs(const struct table *d)
{
	if (d->answer->diff->changed == 0)
		return;
	tu_buf_printf(d->paint.out, "\nChanged: %zu\n", d->answer->diff->changed);
	for (size_t i = 0; i < d->answer->diff->pair_count; i++)
		if (d->answer->diff->pairs[i].fields)
			add_pair(d, &d->answer->diff->pairs[i]);
}

static void add_vulnerability(const struct table *d, uint32_t index, enum tu_sbom_turn turn)
{
	const struct tu_sbom_diff_side *side = turn == TU_TURN_WENT ? &d->answer->a : &d->answer->b;
	const struct tu_sbom_standing *standing = &side->standings[index];
	struct tu_report_vulnerability v = {
		.index = index, .facts = tu_kb_vulnerability(d->answer->kb.kb, index)};
	struct tu_buf *out = d->paint.out;

	tu_report_choose_score(d->answer->kb.kb, &v);
	tu_buf_c(out, "  ");
	tu_paint_cell(&d->paint, TU_HUE_BOLD, v.facts.id, ID_WIDTH, false);
	tu_buf_byte(out, ' ');
	tu_paint_cell(&d->paint, tu_paint_severity(v.severity),
		tu_str_c(tu_severity_name(v.severity)), WORD_WIDTH, false);
	if (turn == TU_TURN_CHANGED)
		tu_buf_printf(out, "%s \xe2\x86\x92 ",
			tu_match_verdict_name(d->answer->a.standings[index].verdict));
	tu_buf_printf(out, "%s, ", tu_match_verdict_name(standing->verdict));
	tu_sbom_text_component(
		&d->paint, TU_HUE_PLAIN, &side->inventory->components[standing->component]);
	if (v.facts.has_kev)
		tu_buf_c(out, ", known to be exploited");
	tu_buf_byte(out, '\n');
	tu_sink_spill(d->sink);
}

static const struct {
	enum tu_sbom_turn turn;
	const char *heading;
} turns[] = {
	{TU_TURN_CAME, "Vulnerabilities that came"},
	{TU_TURN_WENT, "Vulnerabilities that went"},
	{TU_TURN_CHANGED, "Vulnerabilities with another verdict"},
};

static void add_vulnerabilities(const struct table *d)
{
	for (size_t t = 0; t < TU_COUNT(turns); t++) {
		size_t count = tu_sbom_turn_count(d->answer, turns[t].turn);

		if (count == 0)
			continue;
		tu_buf_printf(d->paint.out, "\n%s: %zu\n", turns[t].heading, count);
		for (uint32_t i = 0; i < d->answer->kb_info.vulnerabilities; i++)
			if (tu_sbom_turn_of(d->answer, i) == turns[t].turn)
				add_vulnerability(d, i, turns[t].turn);
	}
}

void tu_sbom_diff_table(
	const struct tu_sbom_diff_answer *answer, bool colour, struct tu_sink *output)
{
	const struct tu_sbom_diff *diff = answer->diff;
	const struct table table = {
		.answer = answer, .sink = output, .paint = {&output->buf, colour}};
	const struct table *d = &table;
	const struct singles added = {
		"Added", "  + ", TU_HUE_GREEN, &answer->b, diff->added, diff->added_count};
	const struct singles removed = {
		"Removed", "  - ", TU_HUE_RED, &answer->a, diff->removed, diff->removed_count};

	add_side(d, "from", &d->answer->a);
	add_side(d, "to", &d->answer->b);
	add_singles(d, &added);
	add_singles(d, &removed);
	add_pairs(d);
	add_vulnerabilities(d);
	tu_buf_printf(
		d->paint.out, "\n%zu components are the same\n", diff->pair_count - diff->changed);
	tu_sbom_text_notes(
		&d->paint, d->sink, answer->a.inventory, tu_sbom_source_name(&d->answer->a.source));
	tu_sbom_text_notes(&d->paint, d->sink, d->answer->b.inventory,
		tu_sbom_source_name(&d->answer->b.source));
}
