#include "app/findings.h"
#include "sbom/relations.h"
#include "show/sbom_diff.h"
#include "show/sbom_text.h"

enum { TEXT_LIMIT = 1 << 20, ID_WIDTH = 20, WORD_WIDTH = 10 };

struct table {
	const struct tu_sbom_diff_answer *answer;
	struct tu_sink *sink;
	struct tu_paint paint; /* writes to the sink */
};

/* ---- what can differ ---- */

static const struct tu_component *component_of(
	const struct tu_sbom_diff_answer *answer, const struct tu_diff_pair *pair, bool second)
{
	return second ? &answer->b.inventory->components[pair->b]
		      : &answer->a.inventory->components[pair->a];
}

static void write_licences(const struct tu_sbom_diff_answer *answer,
	const struct tu_diff_pair *pair, bool second, struct tu_buf *out)
{
	const struct tu_component *c = component_of(answer, pair, second);

	for (size_t i = 0; i < c->licence_count; i++)
		tu_buf_printf(out, "%s%.*s", i ? ", " : "", TU_STR_FMT(c->licences[i].text));
}

static void write_hashes(const struct tu_sbom_diff_answer *answer, const struct tu_diff_pair *pair,
	bool second, struct tu_buf *out)
{
	const struct tu_component *c = component_of(answer, pair, second);

	for (size_t i = 0; i < c->hash_count; i++)
		tu_buf_printf(out, "%s%.*s:%.*s", i ? ", " : "", TU_STR_FMT(c->hashes[i].algorithm),
			TU_STR_FMT(c->hashes[i].value));
}

static void write_version(const struct tu_sbom_diff_answer *answer, const struct tu_diff_pair *pair,
	bool second, struct tu_buf *out)
{
	tu_buf_str_add(out, component_of(answer, pair, second)->version);
}

static void write_supplier(const struct tu_sbom_diff_answer *answer,
	const struct tu_diff_pair *pair, bool second, struct tu_buf *out)
{
	tu_buf_str_add(out, component_of(answer, pair, second)->supplier);
}

static void write_end(const struct tu_component *c, struct tu_buf *out)
{
	tu_buf_str_add(out, c->name);
	if (c->version.len)
		tu_buf_printf(out, "@%.*s", TU_STR_FMT(c->version));
}

/* "DEPENDS_ON zlib@1.3", "make@4.4 BUILD_TOOL_OF this": SPDX has a word for each type, which reads
 * from one end or the other. */
static void write_relation(const struct tu_inventory *inventory,
	const struct tu_diff_relation *relation, struct tu_buf *out)
{
	const struct tu_component *other = &inventory->components[relation->other];
	const struct tu_relation_word *word =
		&tu_sbom__relation_row(relation->relation, relation->type)->spdx2;
	struct tu_str text = word->word.len ? word->word : TU_STR("OTHER");

	if (relation->leaf) {
		tu_buf_c(out, "DEPENDS_ON nothing");
	} else if (word->reversed) {
		write_end(other, out);
		tu_buf_printf(out, " %.*s this", TU_STR_FMT(text));
	} else {
		tu_buf_printf(out, "%.*s ", TU_STR_FMT(text));
		write_end(other, out);
	}
}

/* Only what the other document does not state. */
static void write_relations(const struct tu_sbom_diff_answer *answer,
	const struct tu_diff_pair *pair, bool second, struct tu_buf *out)
{
	const struct tu_inventory *inventory = second ? answer->b.inventory : answer->a.inventory;
	size_t written = 0;

	for (size_t i = 0; i < pair->relation_count; i++) {
		if (pair->relations[i].added != second)
			continue;
		tu_buf_c(out, written++ ? ", " : "");
		write_relation(inventory, &pair->relations[i], out);
	}
}

const struct tu_sbom_diff_field tu_sbom_diff_fields[TU_SBOM_DIFF_FIELDS] = {
	{TU_DIFF_VERSION, "version", write_version},
	{TU_DIFF_LICENCE, "licence", write_licences},
	{TU_DIFF_SUPPLIER, "supplier", write_supplier},
	{TU_DIFF_HASHES, "hashes", write_hashes},
	{TU_DIFF_RELATIONS, "relations", write_relations},
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

static void add_value(
	const struct table *d, size_t field, const struct tu_diff_pair *pair, bool second)
{
	struct tu_buf words;

	tu_buf_init(&words, TEXT_LIMIT);
	tu_sbom_diff_fields[field].write(d->answer, pair, second, &words);
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
		add_value(d, i, pair, false);
		tu_buf_c(out, " \xe2\x86\x92 ");
		add_value(d, i, pair, true);
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
		.index = index, .facts = tu_kb_vulnerability(d->answer->known, index)};
	struct tu_buf *out = d->paint.out;

	tu_report_choose_score(d->answer->known, &v);
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
