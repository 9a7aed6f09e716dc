/*
 * Which form a document has, and how its records are reached.
 */
#include "advisory/reader.h"
#include "advisory/split.h"

#include "base/alloc.h"

enum { TEXT_SCRATCH_MAX = 1 << 20, DEPTH_MAX = 128 };

static const struct tu_json_limits limits = {
	.bytes = (size_t)UINT32_MAX, .depth = DEPTH_MAX, .padded = true};

struct tu_advisory_reader *tu_advisory_reader_new(void)
{
	struct tu_advisory_reader *reader = tu_alloc(1, sizeof(*reader));

	if (!reader)
		return NULL;
	tu_buf_init(&reader->key, TEXT_SCRATCH_MAX);
	tu_buf_init(&reader->text, TEXT_SCRATCH_MAX);
	tu_buf_init(&reader->where, TEXT_SCRATCH_MAX);
	reader->parser = tu_json_parser_new();
	reader->arena = tu_arena_new(0);
	if (!reader->parser || !reader->arena) {
		tu_advisory_reader_free(reader);
		return NULL;
	}
	return reader;
}

void tu_advisory_reader_free(struct tu_advisory_reader *reader)
{
	struct adv_draft *d;

	if (!reader)
		return;
	d = &reader->draft;
	TU_VEC_DONE(&d->aliases);
	TU_VEC_DONE(&d->related);
	TU_VEC_DONE(&d->cwes);
	TU_VEC_DONE(&d->scores);
	TU_VEC_DONE(&d->references);
	TU_VEC_DONE(&d->packages);
	TU_VEC_DONE(&d->products);
	TU_VEC_DONE(&d->spans);
	tu_buf_done(&reader->key);
	tu_buf_done(&reader->text);
	tu_buf_done(&reader->where);
	tu_buf_done(&reader->frame);
	tu_arena_free(reader->arena);
	tu_json_parser_free(reader->parser);
	tu_free(reader);
}

/* ---- what a record is ---- */

static bool has(struct tu_json object, struct tu_str key)
{
	return tu_json_get(object, key).doc != NULL;
}

static bool is_cve5(struct tu_json record)
{
	return has(record, TU_STR("cveMetadata")) ||
		tu_str_eq(TU_JSON_STR(record, "dataType"), TU_STR("CVE_RECORD"));
}

static bool is_nvd11(struct tu_json record)
{
	return has(tu_json_get(record, TU_STR("cve")), TU_STR("CVE_data_meta"));
}

static bool is_nvd2(struct tu_json record)
{
	struct tu_json cve = tu_json_get(record, TU_STR("cve"));

	if (tu_json_is_object(cve))
		return has(cve, TU_STR("id")) || has(record, TU_STR("_annotation"));
	return has(record, TU_STR("id")) &&
		(has(record, TU_STR("vulnStatus")) || has(record, TU_STR("sourceIdentifier")));
}

static bool is_kev(struct tu_json record)
{
	return has(record, TU_STR("cveID"));
}

static bool is_osv(struct tu_json record)
{
	return has(record, TU_STR("id")) &&
		(has(record, TU_STR("modified")) || has(record, TU_STR("affected")) ||
			has(record, TU_STR("schema_version")));
}

static bool is_csaf(struct tu_json record)
{
	struct tu_json document = tu_json_get(record, TU_STR("document"));

	return has(document, TU_STR("csaf_version")) ||
		(has(document, TU_STR("tracking")) && has(document, TU_STR("publisher")));
}

static bool is_secdb(struct tu_json record)
{
	return has(record, TU_STR("packages")) && has(record, TU_STR("urlprefix"));
}

static bool is_rubysec(struct tu_json record)
{
	return (has(record, TU_STR("gem")) || has(record, TU_STR("engine")) ||
		       has(record, TU_STR("library"))) &&
		has(record, TU_STR("title")) && has(record, TU_STR("date"));
}

static bool is_friendsofphp(struct tu_json record)
{
	return has(record, TU_STR("branches")) &&
		tu_str_starts(TU_JSON_STR(record, "reference"), TU_STR("composer://"));
}

static bool is_kev_list(struct tu_json record)
{
	return has(record, TU_STR("vulncheck_xdb")) &&
		tu_json_is_array(tu_json_get(record, TU_STR("cve")));
}

static bool is_endoflife(struct tu_json record)
{
	struct tu_json result = tu_json_get(record, TU_STR("result"));
	struct tu_json_iter iter = tu_json_iter(result);
	struct tu_json first = result;

	if (tu_json_is_array(result) && !tu_json_next_item(&iter, &first))
		return false;
	return has(first, TU_STR("releases"));
}

/* Packages with vulnerabilities, which have releases: reported by the first of each. */
static bool is_debian(struct tu_json record)
{
	struct tu_json_iter packages = tu_json_iter(record);
	struct tu_json_iter ids;
	struct tu_str key;
	struct tu_json value;

	if (!tu_json_is_object(record) || !tu_json_next_member(&packages, &key, &value) ||
		!tu_json_is_object(value))
		return false;
	ids = tu_json_iter(value);
	return tu_json_next_member(&ids, &key, &value) &&
		tu_json_is_object(tu_json_get(value, TU_STR("releases")));
}

static const struct {
	enum tu_feed_form form;
	bool (*is)(struct tu_json record);
	enum tu_status (*read)(struct tu_advisory_reader *r, struct tu_json record, size_t line);
} forms[] = {
	{TU_FEED_CVE5, is_cve5, tu_advisory__cve5},
	{TU_FEED_NVD11, is_nvd11, tu_advisory__nvd11},
	{TU_FEED_NVD2, is_nvd2, tu_advisory__nvd2},
	{TU_FEED_KEV, is_kev, tu_advisory__kev},
	{TU_FEED_CSAF, is_csaf, tu_advisory__csaf},
	{TU_FEED_OSV, is_osv, tu_advisory__osv},
	{TU_FEED_SECDB, is_secdb, tu_advisory__secdb},
	{TU_FEED_RUBYSEC, is_rubysec, tu_advisory__rubysec},
	{TU_FEED_FRIENDSOFPHP, is_friendsofphp, tu_advisory__friendsofphp},
	{TU_FEED_KEV, is_kev_list, tu_advisory__kev_list},
	{TU_FEED_ENDOFLIFE, is_endoflife, tu_advisory__endoflife},
	{TU_FEED_DEBIAN, is_debian, tu_advisory__debian},
};

/* Read one record of any form. `*out_known` false: it has none. */
static enum tu_status read_record(
	struct tu_advisory_reader *r, struct tu_json record, size_t line, bool *out_known)
{
	*out_known = true;
	for (size_t i = 0; i < TU_COUNT(forms); i++) {
		if (!forms[i].is(record))
			continue;
		r->summary->form = forms[i].form;
		return forms[i].read(r, record, line);
	}
	*out_known = false;
	return TU_OK;
}

static enum tu_status unknown(struct tu_advisory_reader *r)
{
	return tu_fail(r->err, TU_E_UNSUPPORTED, 0,
		"not a document of a known form (CVE 5, NVD, OSV, CSAF, KEV, EPSS, a "
		"distribution's …): no vulnerability record found");
}

/* ---- feeds: an array of records, or an object that contains one ---- */

/* Where feeds and answers of services keep their records. */
static const struct {
	struct tu_str key;
	enum tu_feed_form form; /* of an empty list */
} wrappers[] = {
	{TU_STR_INIT("vulnerabilities"), TU_FEED_NVD2},
	{TU_STR_INIT("CVE_Items"), TU_FEED_NVD11},
	{TU_STR_INIT("vulns"), TU_FEED_OSV},
};

static struct tu_str after_blanks(struct tu_str s)
{
	while (s.len && tu_char_is_space(s.ptr[0]))
		s = tu_str_from(s, 1);
	return s;
}

/* Step over a value of any kind; false when it does not end. */
static bool skip_value(struct tu_str *s)
{
	size_t len = 0;

	if (s->len && (s->ptr[0] == '{' || s->ptr[0] == '[')) {
		len = tu_advisory__value_end(*s);
	} else if (s->len && s->ptr[0] == '"') {
		for (len = 1; len < s->len && s->ptr[len] != '"'; len++)
			len += s->ptr[len] == '\\';
		len++;
	} else {
		while (len < s->len && s->ptr[len] != ',' && s->ptr[len] != '}' &&
			s->ptr[len] != ']')
			len++;
	}
	if (len > s->len)
		return false;
	*s = tu_str_from(*s, len);
	return true;
}

/* Step over a key and the colon after it. */
static bool skip_key(struct tu_str *s, struct tu_str *out_key)
{
	struct tu_str key = *s;

	if (!tu_str_starts(key, TU_STR("\"")) || !skip_value(s))
		return false;
	*out_key = tu_str_of(key.ptr + 1, key.len - s->len - 2);
	*s = after_blanks(*s);
	if (!tu_str_skip(s, TU_STR(":")))
		return false;
	*s = after_blanks(*s);
	return true;
}

static bool is_wrapper(struct tu_str key, enum tu_feed_form *out_form)
{
	for (size_t i = 0; i < TU_COUNT(wrappers); i++) {
		if (tu_str_eq(key, wrappers[i].key)) {
			*out_form = wrappers[i].form;
			return true;
		}
	}
	return false;
}

/* CSAF documents have a list of this name as well, but are one record: "document" is beside it. */
static bool has_document(struct tu_str s)
{
	struct tu_str key;

	for (;;) {
		if (!skip_value(&s))
			return false;
		s = after_blanks(s);
		if (!tu_str_skip(&s, TU_STR(",")))
			return false;
		s = after_blanks(s);
		if (!skip_key(&s, &key))
			return false;
		if (tu_str_eq(key, TU_STR("document")))
			return true;
	}
}

/* Find the array of records: `*out_items` begins after its "[". */
static bool find_items(struct tu_str text, struct tu_str *out_items, enum tu_feed_form *out_form)
{
	struct tu_str s = text;
	struct tu_str key;

	*out_form = TU_FEED_UNKNOWN;
	if (tu_str_skip(&s, TU_STR("["))) {
		*out_items = s;
		return true;
	}
	if (!tu_str_skip(&s, TU_STR("{")))
		return false;
	for (;;) {
		s = after_blanks(s);
		if (!skip_key(&s, &key))
			return false;
		if (tu_str_eq(key, TU_STR("document")))
			return false;
		if (tu_str_starts(s, TU_STR("[")) && is_wrapper(key, out_form)) {
			if (has_document(s))
				return false;
			*out_items = tu_str_from(s, 1);
			return true;
		}
		if (!skip_value(&s))
			return false;
		s = after_blanks(s);
		if (!tu_str_skip(&s, TU_STR(",")))
			return false;
	}
}

struct feed {
	struct tu_str whole;
	enum tu_feed_form form; /* as the wrapper has it */
	struct tu_str items; /* what is left of the array */
	size_t number; /* of the item at hand, from 1 */
	size_t known;
};

static enum tu_status read_item(
	struct tu_advisory_reader *r, struct feed *feed, struct tu_str text, bool *out_broken)
{
	struct tu_json root;
	enum tu_status status = tu_json_parse(r->parser, text, &limits, &root, r->err);
	bool known = false;

	feed->number++;
	r->item = feed->number;
	*out_broken = status == TU_E_SYNTAX || status == TU_E_LIMIT;
	if (status)
		return status;
	status = read_record(r, root, 0, &known);
	feed->known += known;
	if (!known && !status) {
		tu_advisory__begin_record(r, root, (struct tu_str){"", 0}, 0);
		tu_advisory__skip(r, root, "not a record of a known form");
	}
	return status;
}

/* Read item after item up to the "]", where feed->items is left. `*out_broken`: not JSON there. */
static enum tu_status read_items(struct tu_advisory_reader *r, struct feed *feed, bool *out_broken)
{
	struct tu_str *left = &feed->items;
	enum tu_status status = TU_OK;

	*out_broken = false;
	*left = after_blanks(*left);
	while (!status && !tu_str_starts(*left, TU_STR("]"))) {
		struct tu_str item = *left;

		if (!skip_value(left)) {
			*out_broken = true;
			break;
		}
		status = read_item(r, feed, tu_str_first(item, item.len - left->len), out_broken);
		*left = after_blanks(*left);
		if (status || !tu_str_skip(left, TU_STR(",")))
			break;
		*left = after_blanks(*left);
		if (tu_str_starts(*left, TU_STR("]")))
			*out_broken = true;
	}
	return status;
}

/* What surrounds the items must be JSON as well. */
static enum tu_status read_frame(struct tu_advisory_reader *r, const struct feed *feed, size_t head,
	struct tu_json *out_root)
{
	enum tu_status status;

	r->frame.ceiling = feed->whole.len;
	tu_buf_clear(&r->frame);
	tu_buf_str_add(&r->frame, tu_str_first(feed->whole, head));
	tu_buf_str_add(&r->frame, feed->items);
	if (r->frame.failed)
		return tu_advisory__no_memory(r);
	status = tu_json_parse(r->parser, tu_buf_str(&r->frame), NULL, out_root, r->err);
	return status;
}

/* The parser's own words for what is wrong, with line and column in the whole text. */
static enum tu_status explain(struct tu_advisory_reader *r, const struct feed *feed)
{
	struct tu_json root;
	enum tu_status status = tu_json_parse(r->parser, feed->whole, &limits, &root, r->err);

	if (status)
		return status;
	return tu_fail(r->err, TU_E_LIMIT, 0, "item %zu is nested deeper than %d", feed->number,
		DEPTH_MAX);
}

static enum tu_status read_feed(struct tu_advisory_reader *r, struct feed *feed)
{
	size_t head = feed->whole.len - feed->items.len;
	enum tu_status status;
	struct tu_json root;
	bool broken;

	status = read_items(r, feed, &broken);
	r->item = 0;
	if (broken)
		return explain(r, feed);
	if (status)
		return status;
	status = read_frame(r, feed, head, &root);
	if (status)
		return status == TU_E_NOMEM ? status : explain(r, feed);
	if (feed->known)
		return TU_OK;
	r->summary->form = feed->form;
	if (feed->form == TU_FEED_NVD2 && has(root, TU_STR("catalogVersion")))
		r->summary->form = TU_FEED_KEV;
	return feed->number == 0 && feed->form ? TU_OK : unknown(r);
}

/* ---- one record ---- */

static enum tu_status read_document(struct tu_advisory_reader *r, struct tu_str text)
{
	struct tu_json root;
	enum tu_status status = tu_json_parse(r->parser, text, &limits, &root, r->err);
	bool known = false;

	if (!status)
		status = read_record(r, root, 0, &known);
	return status || known ? status : unknown(r);
}

/* ---- JSON lines ---- */

/*
 * An object on the first line, and another object begins on the next: no single document is so
 * written. A line that ends within an array or after a colon or comma goes on.
 */
static bool is_lines(struct tu_str text)
{
	size_t end = tu_str_find(text, '\n');
	struct tu_str first = tu_str_trim(tu_str_first(text, end));
	struct tu_str next = after_blanks(tu_str_from(text, end + 1));
	char last = first.len ? first.ptr[first.len - 1] : '\0';

	return tu_str_starts(first, TU_STR("{")) && tu_str_starts(next, TU_STR("{")) &&
		first.len > 1 && last != '[' && last != ',' && last != ':';
}

static enum tu_status read_line(
	struct tu_advisory_reader *r, struct tu_str text, size_t line, size_t *known_lines)
{
	static const struct tu_json nowhere;
	struct tu_error problem = {0};
	struct tu_json root;
	enum tu_status status = tu_json_parse(r->parser, text, &limits, &root, &problem);
	bool known = false;

	if (status == TU_E_NOMEM)
		return tu_fail(r->err, status, 0, "%s", problem.message);
	if (status) {
		tu_advisory__begin_record(r, nowhere, (struct tu_str){"", 0}, line);
		tu_advisory__skip(r, nowhere, "column %zu: %s", problem.column, problem.message);
		return TU_OK;
	}
	status = read_record(r, root, line, &known);
	*known_lines += known;
	if (!known && !status) {
		tu_advisory__begin_record(r, root, (struct tu_str){"", 0}, line);
		tu_advisory__skip(r, nowhere, "not a record of a known form");
	}
	return status;
}

static enum tu_status read_lines(struct tu_advisory_reader *r, struct tu_str text)
{
	enum tu_status status = TU_OK;
	size_t known = 0;
	size_t number = 0;
	struct tu_str line;

	while (!status && text.len && tu_str_split(&text, '\n', &line)) {
		number++;
		line = tu_str_trim(line);
		if (line.len)
			status = read_line(r, line, number, &known);
	}
	return status || known ? status : unknown(r);
}

/* ---- any ---- */

/* The comment that names the model, or a first line with the columns "cve" and "epss". */
static bool is_epss(struct tu_str text)
{
	struct tu_str line = tu_str_trim(tu_str_first(text, tu_str_find(text, '\n')));
	struct tu_str column;
	bool has_id = false, has_score = false;

	if (tu_str_istarts(text, TU_STR("#model_version")))
		return true;
	while (line.len <= 1024 && tu_str_split(&line, ',', &column)) {
		has_id = has_id || tu_str_ieq(tu_str_trim(column), TU_STR("cve"));
		has_score = has_score || tu_str_ieq(tu_str_trim(column), TU_STR("epss"));
	}
	return has_id && has_score;
}

static enum tu_status read_any(struct tu_advisory_reader *r, struct tu_str text)
{
	struct feed feed = {.whole = text};

	(void)tu_str_skip(&text, TU_STR("\xef\xbb\xbf"));
	text = after_blanks(text);
	if (is_epss(text)) {
		r->summary->form = TU_FEED_EPSS;
		return tu_advisory__epss(r, text);
	}
	if (is_lines(text))
		return read_lines(r, text);
	if (text.len && text.ptr[0] != '{' && text.ptr[0] != '[')
		return unknown(r);
	if (find_items(text, &feed.items, &feed.form))
		return read_feed(r, &feed);
	return read_document(r, feed.whole);
}

enum tu_status tu_advisory_read(struct tu_advisory_reader *reader, struct tu_str name,
	struct tu_str text, const struct tu_advisory_sink *sink, struct tu_feed_summary *summary,
	struct tu_error *err)
{
	(void)name;
	reader->sink = sink;
	reader->summary = summary;
	reader->err = err;
	reader->item = 0;
	summary->form = TU_FEED_UNKNOWN;
	return read_any(reader, text);
}
