#include "portfolio/where.h"

#include <tutela/purl.h>
#include <tutela/range.h>

#include "base/glob.h"
#include "base/hex.h"
#include "portfolio/scope.h"

enum { KEY_MAX = 64 << 10 };

/* ---- the question ---- */

struct ends {
	struct tu_str low, high;
	bool low_in, high_in;
	bool any; /* there is a comparison */
};

struct finding {
	struct tu_where *where;
	struct tu_str name;
	struct ends ends;
	struct tu_interval *intervals[TU_SCHEME_COUNT_]; /* of the comparison, as they are needed */
	struct tu_buf key;
	struct tu_str pattern, end_pattern, product, curated; /* for the statement */
	struct tu_str end; /* the name after any text and a slash */
	TU_VEC(struct tu_where_row) meant;
	TU_VEC(struct tu_where_row) open;
};

static enum tu_status wrong(
	const struct finding *f, struct tu_str rest, struct tu_error *err, const char *what)
{
	size_t at = (size_t)(rest.ptr - f->where->question.ptr);

	return tu_fail(err, TU_E_USAGE, at, "question, byte %zu: %s", at + 1, what);
}

static bool is_end_of_name(char c)
{
	return c == '<' || c == '>' || c == ' ' || c == '\t';
}

/* "=" is part of no name, but of a package URL's qualifiers. */
static size_t length_of_name(struct tu_str text)
{
	bool purl = tu_str_istarts(text, TU_STR("pkg:"));
	size_t len = 0;

	while (len < text.len && !is_end_of_name(text.ptr[len]) && (purl || text.ptr[len] != '='))
		len++;
	return len;
}

struct end {
	bool high, inside;
	struct tu_str version;
};

static enum tu_status put_end(
	struct finding *f, struct tu_str rest, const struct end *end, struct tu_error *err)
{
	struct tu_str *at = end->high ? &f->ends.high : &f->ends.low;

	if (at->len)
		return wrong(f, rest, err,
			end->high ? "there is an upper end already"
				  : "there is a lower end already");
	*at = end->version;
	*(end->high ? &f->ends.high_in : &f->ends.low_in) = end->inside;
	return TU_OK;
}

static enum tu_status read_comparison(struct finding *f, struct tu_str *rest, struct tu_error *err)
{
	static const struct {
		struct tu_str word;
		bool low, high, inside;
	} words[] = {
		{TU_STR_INIT("<="), false, true, true},
		{TU_STR_INIT(">="), true, false, true},
		{TU_STR_INIT("<"), false, true, false},
		{TU_STR_INIT(">"), true, false, false},
		{TU_STR_INIT("=="), true, true, true},
		{TU_STR_INIT("="), true, true, true},
	};
	const struct tu_str at = *rest;
	struct tu_str version;
	size_t w = 0, len = 0;
	enum tu_status status = TU_OK;

	while (w < TU_COUNT(words) && !tu_str_skip(rest, words[w].word))
		w++;
	if (w == TU_COUNT(words))
		return wrong(f, at, err,
			"\"<\", \"<=\", \">\", \">=\" or \"=\" was expected before a version");
	*rest = tu_str_trim(*rest);
	while (len < rest->len && !is_end_of_name(rest->ptr[len]) && rest->ptr[len] != ',')
		len++;
	version = tu_str_first(*rest, len);
	*rest = tu_str_from(*rest, len);
	if (!version.len)
		return wrong(f, at, err, "a version is missing");
	if (words[w].low)
		status = put_end(f, at, &(struct end){false, words[w].inside, version}, err);
	if (status == TU_OK && words[w].high)
		status = put_end(f, at, &(struct end){true, words[w].inside, version}, err);
	return status;
}

static enum tu_status read_question(struct finding *f, struct tu_error *err)
{
	struct tu_str rest = f->where->question;
	enum tu_status status = TU_OK;

	if (rest.len > TU_WHERE_TEXT_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "the question is too long");
	while (rest.len && (rest.ptr[0] == ' ' || rest.ptr[0] == '\t'))
		rest = tu_str_from(rest, 1);
	f->name = tu_str_first(rest, length_of_name(rest));
	rest = tu_str_from(rest, f->name.len);
	if (!f->name.len)
		return wrong(f, rest, err, "the name of a component is missing");
	while (status == TU_OK) {
		while (rest.len &&
			(rest.ptr[0] == ' ' || rest.ptr[0] == '\t' || rest.ptr[0] == ','))
			rest = tu_str_from(rest, 1);
		if (!rest.len)
			break;
		f->ends.any = true;
		status = read_comparison(f, &rest, err);
	}
	return status;
}

/* ---- its pattern ---- */

static bool keep_text(struct finding *f, struct tu_buf *text, struct tu_str *out)
{
	bool kept = !text->failed && tu_arena_dup(f->where->arena, tu_buf_str(text), out);

	tu_buf_clear(text);
	return kept;
}

/* In lower case; "*" is any text, and what LIKE takes as such is itself. */
static void add_pattern(const struct finding *f, struct tu_buf *text)
{
	for (size_t i = 0; i < f->name.len; i++) {
		char c = tu_char_lower(f->name.ptr[i]);

		if (c == '%' || c == '_' || c == '!')
			tu_buf_byte(text, '!');
		tu_buf_byte(text, c == '*' ? '%' : c);
	}
}

static void add_key(const struct finding *f, const char *kind, struct tu_buf *text)
{
	tu_buf_c(text, kind);
	for (size_t i = 0; i < f->name.len; i++)
		tu_buf_byte(text, tu_char_lower(f->name.ptr[i]));
}

static enum tu_status make_patterns(struct finding *f, struct tu_error *err)
{
	struct tu_buf text;
	bool kept;

	tu_buf_init(&text, KEY_MAX);
	add_pattern(f, &text);
	kept = keep_text(f, &text, &f->pattern);
	tu_buf_c(&text, "%/");
	add_pattern(f, &text);
	kept = keep_text(f, &text, &f->end_pattern) && kept;
	tu_buf_c(&text, "*/");
	tu_buf_str_add(&text, f->name);
	kept = keep_text(f, &text, &f->end) && kept;
	add_key(f, "c:", &text);
	kept = keep_text(f, &text, &f->product) && kept;
	add_key(f, "n:", &text);
	kept = keep_text(f, &text, &f->curated) && kept;
	tu_buf_done(&text);
	return kept ? TU_OK : tu_no_memory(err);
}

/* ---- versions ---- */

static enum tu_scheme scheme_of(struct tu_str purl)
{
	if (!tu_str_skip(&purl, TU_STR("pkg:")))
		return TU_SCHEME_GENERIC;
	return tu_purl_scheme(tu_str_first(purl, tu_str_find(purl, '/')));
}

static const struct tu_interval *interval_of(struct finding *f, enum tu_scheme scheme)
{
	struct tu_interval *made = f->intervals[scheme];

	if (made)
		return made;
	made = tu_arena_alloc(f->where->arena, sizeof(*made));
	if (!made ||
		tu_interval_make(f->where->arena, scheme, f->ends.low, f->ends.low_in, f->ends.high,
			f->ends.high_in, made) != TU_OK)
		return NULL;
	f->intervals[scheme] = made;
	return made;
}

static enum tu_status judge(struct finding *f, const struct tu_where_row *row, enum tu_verdict *out,
	struct tu_error *err)
{
	enum tu_scheme scheme = scheme_of(row->purl);
	const struct tu_interval *interval;
	enum tu_status status;

	*out = TU_INSIDE;
	if (!f->ends.any)
		return TU_OK;
	*out = TU_UNDECIDED;
	if (!row->version.len)
		return TU_OK;
	interval = interval_of(f, scheme);
	if (!interval)
		return tu_no_memory(err);
	tu_buf_clear(&f->key);
	status = tu_version_key(scheme, row->version, &f->key, NULL);
	if (status == TU_E_NOMEM)
		return tu_no_memory(err);
	*out = tu_interval_test(interval, row->version, status ? TU_STR("") : tu_buf_str(&f->key));
	return TU_OK;
}

/* ---- rows ---- */

static const char *found_by(const struct finding *f, const struct tu_where_row *row)
{
	if (tu_glob(f->name, row->component, true))
		return "name";
	return tu_glob(f->name, row->package, true) || tu_glob(f->end, row->package, true)
		? "package"
		: "known as";
}

static bool keep(struct finding *f, const struct tu_where_row *row, bool open)
{
	struct tu_arena *arena = f->where->arena;
	struct tu_where_row copy = *row;

	copy.undecided = open;
	copy.why = !open	   ? NULL
		: row->version.len ? "its version cannot be compared with this one"
				   : "it has no version";
	copy.by = found_by(f, row);
	if (!tu_arena_dup(arena, row->component, &copy.component) ||
		!tu_arena_dup(arena, row->version, &copy.version) ||
		!tu_arena_dup(arena, row->purl, &copy.purl) ||
		!tu_arena_dup(arena, row->package, &copy.package) ||
		!tu_arena_dup(arena, row->device, &copy.device) ||
		!tu_arena_dup(arena, row->release, &copy.release) ||
		!tu_arena_dup(arena, row->release_name, &copy.release_name) ||
		!tu_arena_dup(arena, row->state, &copy.state))
		return false;
	return open ? TU_VEC_PUSH_IN(arena, &f->open, copy)
		    : TU_VEC_PUSH_IN(arena, &f->meant, copy);
}

static enum tu_status take(struct finding *f, const struct tu_rows *rows, struct tu_error *err)
{
	const struct tu_where_row row = {
		.component = tu_rows_text(rows, 0),
		.version = tu_rows_text(rows, 1),
		.purl = tu_rows_text(rows, 2),
		.package = tu_rows_text(rows, 3),
		.known = tu_rows_int(rows, 4) != 0,
		.release = tu_rows_text(rows, 5),
		.release_name = tu_rows_text(rows, 6),
		.state = tu_rows_text(rows, 7),
		.released = tu_rows_int(rows, 8),
		.device = tu_rows_text(rows, 10),
		.uses = tu_rows_int(rows, 11),
	};
	enum tu_verdict verdict;
	enum tu_status status;

	if (!tu_scope_has(f->where->scope, tu_rows_int(rows, 9)))
		return TU_OK;
	status = judge(f, &row, &verdict, err);
	if (status != TU_OK || verdict == TU_OUTSIDE)
		return status;
	return keep(f, &row, verdict == TU_UNDECIDED) ? TU_OK : tu_no_memory(err);
}

static enum tu_status find(struct tu_work *w, void *self, struct tu_error *err)
{
	struct finding *f = self;
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_WHERE_COMPONENTS,
		TU_BIND(tu_text(f->pattern), tu_text(f->end_pattern), tu_text(f->product),
			tu_text(f->curated)),
		&rows, err);

	if (status != TU_OK)
		return status;
	f->meant.count = f->open.count = 0;
	while (status == TU_OK && tu_rows_next(rows))
		status = take(f, rows, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

enum tu_status tu_where_find(struct tu_store *store, struct tu_where *where, struct tu_error *err)
{
	const struct tu_act act = {0};
	struct finding f = {.where = where};
	enum tu_status status = read_question(&f, err);

	if (status == TU_OK)
		status = make_patterns(&f, err);
	tu_buf_init(&f.key, KEY_MAX);
	if (status == TU_OK)
		status = tu_work_read(store, &act, find, &f, err);
	tu_buf_done(&f.key);
	for (size_t i = 0; i < f.open.count && status == TU_OK; i++)
		if (!TU_VEC_PUSH_IN(where->arena, &f.meant, f.open.at[i]))
			status = tu_no_memory(err);
	where->rows = f.meant.at;
	where->count = f.meant.count;
	where->undecided = f.open.count;
	return status;
}

/* ---- files ---- */

struct hashing {
	struct tu_where_files *files;
	struct tu_str value;
	TU_VEC(struct tu_where_file) list;
};

static bool take_file(struct hashing *h, const struct tu_rows *rows)
{
	struct tu_arena *arena = h->files->arena;
	struct tu_where_file file = {.released = tu_rows_int(rows, 6)};

	return tu_arena_dup(arena, tu_rows_text(rows, 0), &file.algorithm) &&
		tu_arena_dup(arena, tu_rows_text(rows, 1), &file.component) &&
		tu_arena_dup(arena, tu_rows_text(rows, 2), &file.version) &&
		tu_arena_dup(arena, tu_rows_text(rows, 3), &file.release) &&
		tu_arena_dup(arena, tu_rows_text(rows, 4), &file.release_name) &&
		tu_arena_dup(arena, tu_rows_text(rows, 5), &file.state) &&
		tu_arena_dup(arena, tu_rows_text(rows, 8), &file.device) &&
		TU_VEC_PUSH_IN(arena, &h->list, file);
}

static enum tu_status find_hash(struct tu_work *w, void *self, struct tu_error *err)
{
	struct hashing *h = self;
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_WHERE_HASH, TU_BIND(tu_text(h->value)), &rows, err);

	if (status != TU_OK)
		return status;
	h->list.count = 0;
	while (kept && tu_rows_next(rows))
		if (tu_scope_has(h->files->scope, tu_rows_int(rows, 7)))
			kept = take_file(h, rows);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

enum tu_status tu_where_hash(
	struct tu_store *store, struct tu_where_files *files, struct tu_error *err)
{
	const struct tu_act act = {0};
	struct hashing h = {.files = files};
	char *lower = tu_arena_text(files->arena, files->hash.len + 1);
	enum tu_status status;

	if (!lower)
		return tu_no_memory(err);
	for (size_t i = 0; i < files->hash.len; i++)
		if (tu_hex_value(files->hash.ptr[i]) < 0)
			return tu_fail(err, TU_E_USAGE, 0, "a hash is of hexadecimal digits");
	for (size_t i = 0; i < files->hash.len; i++)
		lower[i] = tu_char_lower(files->hash.ptr[i]);
	h.value = tu_str_of(lower, files->hash.len);
	status = tu_work_read(store, &act, find_hash, &h, err);
	files->rows = h.list.at;
	files->count = h.list.count;
	return status;
}
