/*
 * How the records of a document are reached.
 */
#include "advisory/pieces.h"
#include "advisory/reader.h"
#include "advisory/split.h"

#include "base/alloc.h"
#include "base/time.h"
#include "base/yaml.h"
#include "base/utf16.h"

enum { TEXT_SCRATCH_MAX = 1 << 20, DEPTH_MAX = 128, YAML_MEMORY_MAX = 256 << 20 };

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
	tu_buf_init(&reader->json, YAML_MEMORY_MAX);
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
	tu_buf_done(&reader->json);
	tu_arena_free(reader->arena);
	tu_json_parser_free(reader->parser);
	tu_free(reader);
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

struct feed {
	struct tu_str whole;
	enum tu_feed_form form; /* as the wrapper has it */
	struct tu_str items; /* what is left of the array, from after its "[" */
	int64_t released; /* when its maker issued it; 0: not stated */
	size_t stated; /* entries that it says it has; or TU_FEED_NOT_STATED */
	size_t number; /* of the item at hand, from 1 */
	size_t known;
};

/* Step over a member's value and the comma after it; false where the object ends. */
static bool skip_member(struct tu_str *s)
{
	if (!skip_value(s))
		return false;
	*s = after_blanks(*s);
	if (!tu_str_skip(s, TU_STR(",")))
		return false;
	*s = after_blanks(*s);
	return true;
}

/* What catalogues say of themselves, beside their list: CISA's and those of its form, NVD's feeds
 * 1.1. */
static const struct {
	struct tu_str key;
	bool is_count;
} statements[] = {
	{TU_STR_INIT("dateReleased"), false},
	{TU_STR_INIT("count"), true},
	{TU_STR_INIT("CVE_data_timestamp"), false},
	{TU_STR_INIT("CVE_data_numberOfCVEs"), true},
};

/* A member's value at `s`: a number, or a text with a number or a date in it. */
static void take_statement(struct feed *feed, struct tu_str key, struct tu_str s)
{
	struct tu_str rest = s;
	struct tu_str value;
	uint64_t number;
	size_t at = 0;

	while (at < TU_COUNT(statements) && !tu_str_eq(key, statements[at].key))
		at++;
	if (at == TU_COUNT(statements) || !skip_value(&rest))
		return;
	value = tu_str_trim(tu_str_first(s, s.len - rest.len));
	if (tu_str_skip(&value, TU_STR("\"")))
		value = tu_str_first(value, value.len - 1);
	if (!statements[at].is_count) {
		if (!tu_time_parse(value, &feed->released))
			feed->released = 0;
	} else if (tu_str_to_u64(value, SIZE_MAX - 1, &number)) {
		feed->stated = (size_t)number;
	}
}

/* What is beside the array of records at `s`. False: "document", as CSAF documents, which are
 * one record, have a list of the same name. */
static bool take_neighbours(struct feed *feed, struct tu_str s)
{
	struct tu_str key;

	while (skip_member(&s) && skip_key(&s, &key)) {
		if (tu_str_eq(key, TU_STR("document")))
			return false;
		take_statement(feed, key, s);
	}
	return true;
}

/* Find the array of records. */
static bool find_items(struct tu_str text, struct feed *feed)
{
	struct tu_str s = text;
	struct tu_str key;

	if (tu_str_skip(&s, TU_STR("["))) {
		feed->items = s;
		return true;
	}
	if (!tu_str_skip(&s, TU_STR("{")))
		return false;
	s = after_blanks(s);
	while (skip_key(&s, &key) && !tu_str_eq(key, TU_STR("document"))) {
		take_statement(feed, key, s);
		if (tu_str_starts(s, TU_STR("[")) && is_wrapper(key, &feed->form)) {
			feed->items = tu_str_from(s, 1);
			return take_neighbours(feed, s);
		}
		if (!skip_member(&s))
			return false;
	}
	return false;
}

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
	status = tu_advisory__read_record(r, root, 0, &known);
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

/* A list that was cut on the way, or made from two versions, does not have what it says. */
static void take_summary(struct tu_advisory_reader *r, const struct feed *feed, struct tu_json root)
{
	struct tu_feed_summary *summary = r->summary;

	summary->entries = feed->number;
	summary->stated = feed->stated;
	summary->released = feed->released;
	if (feed->stated == TU_FEED_NOT_STATED || feed->stated == feed->number)
		return;
	tu_advisory__begin_record(r, root, TU_STR("catalogue"), 0);
	tu_advisory__problem(r, root, "it says that it has %zu entries, and has %zu", feed->stated,
		feed->number);
}

static enum tu_status read_feed(struct tu_advisory_reader *r, struct feed *feed)
{
	size_t head = feed->whole.len - feed->items.len;
	enum tu_status status;
	struct tu_json root;
	bool broken;

	r->released = feed->released;
	status = read_items(r, feed, &broken);
	r->released = 0;
	r->item = 0;
	if (broken)
		return explain(r, feed);
	if (status)
		return status;
	status = read_frame(r, feed, head, &root);
	if (status)
		return status == TU_E_NOMEM ? status : explain(r, feed);
	take_summary(r, feed, root);
	if (feed->known)
		return TU_OK;
	r->summary->form = feed->form;
	if (feed->form == TU_FEED_NVD2 && tu_json_get(root, TU_STR("catalogVersion")).doc)
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
		status = tu_advisory__read_record(r, root, 0, &known);
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
	status = tu_advisory__read_record(r, root, line, &known);
	*known_lines += known;
	if (!known && !status) {
		tu_advisory__begin_record(r, root, (struct tu_str){"", 0}, line);
		tu_advisory__skip(r, nowhere, "not a record of a known form");
	}
	return status;
}

static enum tu_status read_lines(
	struct tu_advisory_reader *r, struct tu_str text, struct tu_advisory_lines *lines)
{
	enum tu_status status = TU_OK;
	struct tu_str line;

	while (!status && text.len && tu_str_split(&text, '\n', &line)) {
		lines->lines++;
		line = tu_str_trim(line);
		if (line.len)
			status = read_line(r, line, lines->lines, &lines->known);
	}
	return status;
}

static enum tu_status read_all_lines(struct tu_advisory_reader *r, struct tu_str text)
{
	struct tu_advisory_lines lines = {0};
	enum tu_status status = read_lines(r, text, &lines);

	return status || lines.known ? status : unknown(r);
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

static enum tu_status read_json(struct tu_advisory_reader *r, struct tu_str text)
{
	struct feed feed = {.whole = text, .stated = TU_FEED_NOT_STATED};

	if (find_items(after_blanks(text), &feed))
		return read_feed(r, &feed);
	return read_document(r, text);
}

/* "key: value", "key:" or "- key: …" after comments and the mark of a document. */
static bool is_yaml(struct tu_str text)
{
	struct tu_str line = {"", 0};
	size_t word = 0;

	while (text.len && tu_str_split(&text, '\n', &line)) {
		line = tu_str_trim(line);
		if (line.len && line.ptr[0] != '#' && !tu_str_starts(line, TU_STR("---")))
			break;
	}
	(void)tu_str_skip(&line, TU_STR("- "));
	while (word < line.len && (tu_char_is_alnum(line.ptr[word]) || line.ptr[word] == '_'))
		word++;
	line = tu_str_from(line, word);
	return word && (tu_str_eq(line, TU_STR(":")) || tu_str_starts(line, TU_STR(": ")));
}

/* As JSON that says the same, for the readers of records: people who write records by hand (PyPA,
 * OSS-Fuzz, RubySec, FriendsOfPHP) keep them as YAML. */
static enum tu_status read_yaml(struct tu_advisory_reader *r, struct tu_str text)
{
	static const char padding[TU_JSON_PADDING];
	struct tu_arena *arena = tu_arena_new(YAML_MEMORY_MAX);
	const struct tu_yaml *root;
	enum tu_status status = arena ? tu_yaml_parse(arena, TU_STR(""), text, NULL, &root, r->err)
				      : tu_no_memory(r->err);

	tu_buf_clear(&r->json);
	if (!status) {
		tu_yaml_to_json(root, &r->json);
		tu_buf_add(&r->json, padding, sizeof(padding));
		if (r->json.failed)
			status = tu_advisory__no_memory(r);
	}
	tu_arena_free(arena);
	if (status)
		return status;
	return read_json(r, tu_str_first(tu_buf_str(&r->json), r->json.len - sizeof(padding)));
}

/* What may stand before the first record. */
static struct tu_str after_mark(struct tu_str text)
{
	(void)tu_str_skip(&text, TU_STR("\xef\xbb\xbf"));
	return after_blanks(text);
}

static enum tu_status read_any(struct tu_advisory_reader *r, struct tu_str whole)
{
	struct tu_str text = after_mark(whole);

	if (is_epss(text)) {
		r->summary->form = TU_FEED_EPSS;
		return tu_advisory__epss(r, text);
	}
	if (is_lines(text))
		return read_all_lines(r, text);
	if (text.len && text.ptr[0] != '{' && text.ptr[0] != '[')
		return is_yaml(text) ? read_yaml(r, text) : unknown(r);
	return read_json(r, whole);
}

bool tu_advisory__in_lines(struct tu_str beginning)
{
	struct tu_str text = after_mark(beginning);

	return !is_epss(text) && is_lines(text);
}

enum tu_status tu_advisory__read_piece(struct tu_advisory_reader *reader,
	struct tu_advisory_lines *lines, struct tu_str piece, bool last, struct tu_error *err)
{
	enum tu_status status;

	reader->sink = lines->sink;
	reader->summary = &lines->summary;
	reader->err = err;
	status = read_lines(reader, lines->begun ? piece : after_mark(piece), lines);
	lines->begun = true;
	return status || !last || lines->known ? status : unknown(reader);
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
	summary->entries = 0;
	summary->stated = TU_FEED_NOT_STATED;
	summary->released = 0;
	if (tu_text_check_marks(text, err))
		return TU_E_SYNTAX;
	return read_any(reader, text);
}
