/* The advisory that a reader is putting together. */
#include "base/alloc.h"
#include "advisory/reader.h"

#include <stdarg.h>
#include <stdio.h>

/* Finding a place walks the record up to it: only so many of a record's problems have theirs, so
 * that reading costs what the record is long. */
enum { WHERE_MAX = 4096, PLACES_MAX = 100 };

static const struct tu_json nowhere;

void tu_advisory__begin_record(
	struct tu_advisory_reader *r, struct tu_json record, struct tu_str id, size_t line)
{
	tu_arena_reset(r->arena);
	r->refused = tu_alloc_refused();
	r->record = record;
	r->id = id;
	r->line = line;
	r->last_bound = (struct tu_bound){0};
	r->last_ecosystem_name = (struct tu_str){"", 0};
	r->over = 0;
	r->places = 0;
}

void tu_advisory__begin(struct tu_advisory_reader *r, enum tu_source source)
{
	struct adv_draft *d = &r->draft;

	d->advisory = (struct tu_advisory){
		.source = source, .id = r->id, .epss_score = -1.0f, .epss_percentile = -1.0f};
	d->aliases.count = d->related.count = d->cwes.count = 0;
	d->scores.count = d->references.count = 0;
	d->packages.count = d->products.count = d->spans.count = 0;
	d->cwes_seen = (struct tu_text_set){0};
}

enum tu_status tu_advisory__emit(struct tu_advisory_reader *r)
{
	struct adv_draft *d = &r->draft;
	struct tu_advisory *a = &d->advisory;

	a->aliases = d->aliases.at;
	a->alias_count = d->aliases.count;
	a->related = d->related.at;
	a->related_count = d->related.count;
	a->cwes = d->cwes.at;
	a->cwe_count = d->cwes.count;
	a->scores = d->scores.at;
	a->score_count = d->scores.count;
	a->references = d->references.at;
	a->reference_count = d->references.count;
	a->packages = d->packages.at;
	a->package_count = d->packages.count;
	a->products = d->products.at;
	a->product_count = d->products.count;
	if (tu_alloc_refused() != r->refused)
		return tu_advisory__no_memory(r);
	return r->sink->advisory(r->sink->context, a, r->err);
}

enum tu_status tu_advisory__no_memory(struct tu_advisory_reader *r)
{
	return tu_fail(r->err, TU_E_NOMEM, 0, "out of memory while reading %.*s",
		TU_STR_FMT(tu_str_first(r->id, ADV_ID_MAX)));
}

/* ---- problems ---- */

/* "CVE-2024-0001 /containers/cna/affected/0", "line 7 /id" */
static void write_where(struct tu_advisory_reader *r, struct tu_json at)
{
	tu_buf_clear(&r->where);
	if (r->id.len)
		tu_buf_str_add(&r->where, tu_str_first(r->id, ADV_ID_MAX));
	if (r->line && !r->id.len)
		tu_buf_printf(&r->where, "line %zu", r->line);
	else if (r->item && !r->id.len)
		tu_buf_printf(&r->where, "item %zu", r->item);
	if (at.doc && r->record.doc == at.doc && r->places++ < PLACES_MAX) {
		tu_buf_byte(&r->where, ' ');
		tu_json_pointer_within(r->record, at, &r->where);
	}
}

static void tell(struct tu_advisory_reader *r, struct tu_json at, const char *fmt, va_list args)
	TU_PRINTF(3, 0);

static void tell(struct tu_advisory_reader *r, struct tu_json at, const char *fmt, va_list args)
{
	char what[TU_ERROR_MESSAGE_MAX];
	int len = vsnprintf(what, sizeof(what), fmt, args);
	size_t shown = len < 0 ? 0 : (size_t)len;

	r->summary->problems++;
	if (!r->sink->problem)
		return;
	if (shown >= sizeof(what))
		shown = sizeof(what) - 1;
	write_where(r, at);
	r->sink->problem(
		r->sink->context, tu_str_trim(tu_buf_str(&r->where)), tu_str_of(what, shown));
}

void tu_advisory__problem(struct tu_advisory_reader *r, struct tu_json at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tell(r, at, fmt, args);
	va_end(args);
}

void tu_advisory__skip(struct tu_advisory_reader *r, struct tu_json at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tell(r, at, fmt, args);
	va_end(args);
	r->summary->skipped++;
}

/* ---- lists ---- */

static const struct {
	const char *name;
	size_t max;
} lists[] = {
	[ADV_ALIASES] = {"aliases", ADV_IDS_MAX},
	[ADV_RELATED] = {"related ids", ADV_IDS_MAX},
	[ADV_CWES] = {"weaknesses", ADV_IDS_MAX},
	[ADV_SCORES] = {"scores", ADV_SCORES_MAX},
	[ADV_REFERENCES] = {"references", ADV_REFERENCES_MAX},
	[ADV_PACKAGES] = {"packages", ADV_PACKAGES_MAX},
	[ADV_PRODUCTS] = {"products", ADV_PRODUCTS_MAX},
	[ADV_SPANS] = {"version ranges of one package", ADV_SPANS_MAX},
};

static bool has_room(struct tu_advisory_reader *r, enum adv_list list, size_t count)
{
	if (count < lists[list].max)
		return true;
	if (!(r->over & (uint32_t)1 << list))
		tu_advisory__problem(r, nowhere, "more than %zu %s: the rest is left out",
			lists[list].max, lists[list].name);
	r->over |= (uint32_t)1 << list;
	return false;
}

#define ADD(r, which, vec, ...) \
	(!has_room((r), (which), (vec)->count) || TU_VEC_PUSH((vec), __VA_ARGS__))

static bool read_id(struct tu_advisory_reader *r, struct tu_json value, struct tu_str *out_id)
{
	*out_id = tu_json_str(value);
	if (tu_advisory__is_id(*out_id))
		return true;
	tu_advisory__problem(r, value, "not an id");
	return false;
}

bool tu_advisory__add_alias(struct tu_advisory_reader *r, struct tu_json id)
{
	struct tu_str text;

	if (!read_id(r, id, &text) || tu_str_eq(text, r->id))
		return true;
	return ADD(r, ADV_ALIASES, &r->draft.aliases, text);
}

bool tu_advisory__add_related(struct tu_advisory_reader *r, struct tu_json id)
{
	struct tu_str text;

	if (!read_id(r, id, &text) || tu_str_eq(text, r->id))
		return true;
	return ADD(r, ADV_RELATED, &r->draft.related, text);
}

bool tu_advisory__add_cwe(struct tu_advisory_reader *r, struct tu_str text)
{
	struct tu_str rest = text;
	bool is_new;

	if (!tu_str_skip(&rest, TU_STR("CWE-")) || tu_str_digits(&rest).len == 0)
		return true;
	text = tu_str_first(text, text.len - rest.len);
	if (text.len > ADV_ID_MAX)
		return true;
	if (!tu_text_set_add(&r->draft.cwes_seen, r->arena, text, &is_new))
		return false;
	return !is_new || ADD(r, ADV_CWES, &r->draft.cwes, text);
}

bool tu_advisory__add_score(struct tu_advisory_reader *r, struct tu_score score)
{
	return ADD(r, ADV_SCORES, &r->draft.scores, score);
}

bool tu_advisory__has_score(const struct tu_advisory_reader *r, const struct tu_score *score)
{
	for (size_t i = 0; i < r->draft.scores.count; i++) {
		if (tu_str_eq(r->draft.scores.at[i].vector, score->vector) &&
			tu_str_eq(r->draft.scores.at[i].severity, score->severity))
			return true;
	}
	return false;
}

bool tu_advisory__add_reference(
	struct tu_advisory_reader *r, struct tu_json url, struct tu_str tags)
{
	struct tu_reference reference = {tu_advisory__text(r, url, ADV_URL_MAX), tags};

	if (reference.url.len == 0)
		return true;
	return tu_advisory__add_reference_text(r, reference);
}

bool tu_advisory__add_reference_text(struct tu_advisory_reader *r, struct tu_reference reference)
{
	return ADD(r, ADV_REFERENCES, &r->draft.references, reference);
}

bool tu_advisory__add_package(
	struct tu_advisory_reader *r, const struct tu_affected_package *package)
{
	return ADD(r, ADV_PACKAGES, &r->draft.packages, *package);
}

bool tu_advisory__add_product(
	struct tu_advisory_reader *r, const struct tu_affected_product *product)
{
	return ADD(r, ADV_PRODUCTS, &r->draft.products, *product);
}

bool tu_advisory__add_span(struct tu_advisory_reader *r, const struct tu_span *span)
{
	return ADD(r, ADV_SPANS, &r->draft.spans, *span);
}

bool tu_advisory__take_spans(struct tu_advisory_reader *r, struct tu_versions *versions)
{
	size_t count = r->draft.spans.count;
	struct tu_span *copy;

	r->draft.spans.count = 0;
	versions->spans = NULL;
	versions->count = 0;
	if (count == 0)
		return true;
	copy = tu_arena_array(r->arena, count, sizeof(*copy));
	if (!copy)
		return false;
	memcpy(copy, r->draft.spans.at, count * sizeof(*copy));
	versions->spans = copy;
	versions->count = count;
	return true;
}

/* ---- scores ---- */

enum tu_cvss_version tu_advisory__cvss_version(struct tu_str vector)
{
	static const struct {
		struct tu_str prefix;
		enum tu_cvss_version version;
	} prefixes[] = {
		{TU_STR_INIT("CVSS:3.1/"), TU_CVSS_3_1},
		{TU_STR_INIT("CVSS:3.0/"), TU_CVSS_3_0},
		{TU_STR_INIT("CVSS:4.0/"), TU_CVSS_4_0},
		{TU_STR_INIT("CVSS:2.0/"), TU_CVSS_2},
		{TU_STR_INIT("AV:"), TU_CVSS_2},
		{TU_STR_INIT("(AV:"), TU_CVSS_2},
	};

	for (size_t i = 0; i < TU_COUNT(prefixes); i++) {
		if (tu_str_starts(vector, prefixes[i].prefix))
			return prefixes[i].version;
	}
	return TU_CVSS_NONE;
}

static uint8_t read_base(struct tu_advisory_reader *r, struct tu_json value)
{
	double base;

	if (tu_json_type(value) <= TU_JSON_NULL)
		return 0xff;
	if (!tu_json_number(value, &base) || !(base >= 0.0 && base <= 10.0)) {
		tu_advisory__problem(r, value, "not a score from 0 to 10");
		return 0xff;
	}
	return (uint8_t)(base * 10.0 + 0.5);
}

bool tu_advisory__add_cvss(struct tu_advisory_reader *r, enum tu_cvss_version version,
	struct tu_json cvss, struct tu_str severity, struct tu_str scorer)
{
	struct tu_score score = {.version = version, .severity = severity, .scorer = scorer};
	struct tu_str own;

	if (!tu_json_is_object(cvss)) {
		tu_advisory__problem(
			r, cvss, "not a CVSS object but %s", tu_json_type_name(tu_json_type(cvss)));
		return true;
	}
	score.vector =
		tu_advisory__text(r, tu_json_get(cvss, TU_STR("vectorString")), ADV_TEXT_MAX);
	score.base_tenths = read_base(r, tu_json_get(cvss, TU_STR("baseScore")));
	own = tu_advisory__text(r, tu_json_get(cvss, TU_STR("baseSeverity")), ADV_TEXT_MAX);
	if (own.len)
		score.severity = own;
	if (score.vector.len == 0 && score.base_tenths == 0xff && score.severity.len == 0)
		return true;
	return tu_advisory__add_score(r, score);
}

/* ---- tags ---- */

static void add_tag(struct tu_buf *out, struct tu_str tag)
{
	if (out->len)
		tu_buf_byte(out, ',');
	for (size_t i = 0; i < tag.len; i++) {
		char c = tag.ptr[i];

		tu_buf_byte(out, c == ' ' || c == ',' ? '-' : tu_char_lower(c));
	}
}

bool tu_advisory__join_tags(struct tu_advisory_reader *r, struct tu_json tags, struct tu_str but,
	struct tu_str *out_tags)
{
	struct tu_json_iter iter = tu_json_iter(tags);
	struct tu_json tag;

	*out_tags = (struct tu_str){"", 0};
	if (!tu_json_is_array(tags))
		return true;
	tu_buf_clear(&r->text);
	while (tu_json_next_item(&iter, &tag)) {
		struct tu_str word = tu_advisory__text(r, tag, ADV_NAME_MAX);

		if (word.len && !(but.len && tu_str_starts(word, but)))
			add_tag(&r->text, word);
	}
	return tu_advisory__copy_text(r, out_tags);
}
