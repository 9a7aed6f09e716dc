#include "csaf/versions.h"

#include <tutela/cpe.h>

struct reading {
	struct tu_arena *arena;
	const struct tu_csaf_tree *tree;
	struct tu_purl purl; /* the first one; type empty: none */
	enum tu_scheme scheme; /* of the product's versions */
	bool all_versioned; /* every identifier has a version of its own */
	enum tu_status status;
};

static void out_of(struct reading *r)
{
	r->status = TU_E_NOMEM;
}

/* ---- texts ---- */

/* "kernel", "module:8/kernel": the name of the package, alone or with where it is from. */
static bool is_name(struct tu_str text, struct tu_str name)
{
	size_t before = text.len - name.len;

	return text.len >= name.len && tu_str_ieq(tu_str_from(text, before), name) &&
		(before == 0 || text.ptr[before - 1] == '/' || text.ptr[before - 1] == ':');
}

/* ".x86_64" */
static bool is_arch(struct tu_str rest, const struct tu_purl *purl)
{
	return tu_str_skip(&rest, TU_STR(".")) && rest.len &&
		tu_str_eq(rest, tu_purl_qualifier(purl, TU_STR("arch")));
}

/* "lib.src", "lib-devel.x86_64": a name, where the package URL states the version. */
static bool is_label(struct tu_str text, struct tu_str name)
{
	bool digits = false;

	for (size_t i = 0; i < text.len; i++) {
		if (!tu_char_is_alnum(text.ptr[i]) && !strchr("._-+/:@", text.ptr[i]))
			return false;
		digits |= tu_char_is_digit(text.ptr[i]);
	}
	return text.len && (!digits || tu_str_istarts(text, name));
}

struct tu_str tu_csaf_version_text(const struct tu_csaf_path *path, const struct tu_purl *purl)
{
	struct tu_str text = path->version;
	struct tu_str rest;

	if (!purl || purl->name.len == 0 || path->is_range)
		return text;
	if (is_name(text, purl->name))
		return (struct tu_str){"", 0};
	if (tu_str_istarts(text, purl->name)) {
		rest = tu_str_from(text, purl->name.len);
		if (is_arch(rest, purl))
			return (struct tu_str){"", 0};
		if (rest.len > 1 && rest.ptr[0] == '-')
			text = tu_str_from(rest, 1);
	}
	return purl->version.len && is_label(text, purl->name) ? (struct tu_str){"", 0} : text;
}

bool tu_csaf_version_within(struct tu_str text, struct tu_str version)
{
	for (size_t i = 0; version.len && i + version.len <= text.len; i++) {
		size_t end = i + version.len;

		if (tu_str_ieq(tu_str_of(text.ptr + i, version.len), version) &&
			(i == 0 ||
				!(tu_char_is_digit(text.ptr[i - 1]) || text.ptr[i - 1] == '.')) &&
			(end == text.len || !tu_char_is_alnum(text.ptr[end])))
			return true;
	}
	return false;
}

/* "x", "X", "*" as a number: any. */
static bool has_wildcard(struct tu_str version)
{
	struct tu_str part;

	while (version.len && tu_str_split(&version, '.', &part)) {
		if (tu_str_ieq(part, TU_STR("x")) || tu_str_find(part, '*') < part.len)
			return true;
	}
	return false;
}

/* "2.0.0", "v1.2-rc1", "1:2.3~rc1": a version and no words. */
static bool is_version(struct tu_str text)
{
	size_t at = text.len && tu_char_lower(text.ptr[0]) == 'v';

	if (at >= text.len || !tu_char_is_digit(text.ptr[at]) || has_wildcard(text))
		return false;
	for (size_t i = at; i < text.len; i++) {
		if (!tu_char_is_alnum(text.ptr[i]) && !strchr("._-+~:^", text.ptr[i]))
			return false;
	}
	return true;
}

static struct tu_str skip_comparator(struct tu_str text)
{
	static const struct tu_str signs[] = {TU_STR_INIT("<="), TU_STR_INIT(">="),
		TU_STR_INIT("!="), TU_STR_INIT("<"), TU_STR_INIT(">"), TU_STR_INIT("=")};

	for (size_t i = 0; i < TU_COUNT(signs); i++) {
		if (tu_str_skip(&text, signs[i]))
			return text;
	}
	return text;
}

/* ">=1.0|<2.0" as "vers:npm/>=1.0|<2.0". False: it is no vers-like string. */
static bool add_vers_like(struct tu_str text, enum tu_scheme scheme, struct tu_buf *out)
{
	struct tu_str part, version;
	const char *between = "";

	tu_buf_printf(out, "vers:%.*s/", TU_STR_FMT(tu_scheme_name(scheme)));
	while (text.len && tu_str_split(&text, '|', &part)) {
		part = tu_str_trim(part);
		version = tu_str_trim(skip_comparator(part));
		if (!is_version(version))
			return false;
		tu_buf_c(out, between);
		tu_buf_str_add(out, tu_str_first(part, part.len - skip_comparator(part).len));
		tu_buf_str_add(out, version);
		between = "|";
	}
	return *between;
}

/* ---- one branch ---- */

static bool is_placed(const struct tu_bound *bound)
{
	return bound->text.len == 0 || bound->key.len > 0;
}

static bool is_ordered(const struct tu_range *range)
{
	for (size_t i = 0; i < range->count; i++) {
		if (!is_placed(&range->intervals[i].lo) || !is_placed(&range->intervals[i].hi))
			return false;
	}
	return range->scheme != TU_SCHEME_NONE && range->count > 0;
}

static bool is_everything(const struct tu_range *range)
{
	return range->count == 1 && range->intervals[0].lo.text.len == 0 &&
		range->intervals[0].hi.text.len == 0;
}

/* A range of the package's own order, or of one that many types share. */
static bool is_of_type(const struct reading *r, enum tu_scheme scheme)
{
	return r->purl.type.len == 0 || scheme == r->scheme || scheme == TU_SCHEME_GENERIC ||
		scheme == TU_SCHEME_SEMVER || r->scheme == TU_SCHEME_GENERIC;
}

static void take_range(struct reading *r, struct tu_str vers, struct tu_csaf_scope *out)
{
	enum tu_status status;

	out->kind = TU_CSAF_SCOPE_UNREADABLE;
	if (tu_str_ieq(vers, TU_STR("vers:all/*"))) {
		out->kind = TU_CSAF_SCOPE_ALL;
		return;
	}
	status = tu_range_parse(r->arena, vers, &out->range, NULL);
	if (status == TU_E_NOMEM)
		out_of(r);
	if (status || !is_ordered(out->range))
		return;
	if (!is_of_type(r, out->range->scheme)) {
		out->kind = TU_CSAF_SCOPE_CONTRADICTS;
		return;
	}
	out->text = vers;
	out->kind = is_everything(out->range) ? TU_CSAF_SCOPE_ALL : TU_CSAF_SCOPE_RANGE;
}

static void take_vers_like(struct reading *r, struct tu_str text, struct tu_csaf_scope *out)
{
	struct tu_str vers = {"", 0};
	struct tu_buf buf;
	bool fine;

	tu_buf_init(&buf, 1 << 20);
	fine = add_vers_like(text, r->scheme, &buf);
	if (buf.failed || (fine && !tu_arena_dup(r->arena, tu_buf_str(&buf), &vers)))
		out_of(r);
	tu_buf_done(&buf);
	if (fine && !r->status)
		take_range(r, vers, out);
}

static bool has_any(struct tu_str text, const char *signs)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr(signs, text.ptr[i]))
			return true;
	}
	return false;
}

/* What one path says, without the branches that it lies within. */
static struct tu_csaf_scope read_path(struct reading *r, const struct tu_csaf_path *path)
{
	struct tu_csaf_scope scope = {.kind = TU_CSAF_SCOPE_UNREADABLE};
	struct tu_str text = tu_csaf_version_text(path, &r->purl);

	if (path->blank)
		return scope;
	if (text.len == 0 || tu_str_eq(text, TU_STR("*"))) {
		scope.kind = TU_CSAF_SCOPE_ALL;
	} else if (!path->is_range && tu_str_eq(text, r->purl.version)) {
		scope.kind = TU_CSAF_SCOPE_ONE; /* in whatever words: the identifier's, exactly */
		scope.text = text;
	} else if (tu_str_starts(text, TU_STR("vers:"))) {
		take_range(r, text, &scope);
	} else if (path->is_range || has_any(text, "<>=|!")) {
		take_vers_like(r, text, &scope);
	} else if (!has_wildcard(text) && (is_version(text) || !has_any(text, " "))) {
		scope.kind = TU_CSAF_SCOPE_ONE;
		scope.text = text;
	}
	return scope;
}

/* ---- several branches ---- */

/* The narrower of two low ends, or of two high ends. */
static struct tu_bound narrower(struct tu_bound a, struct tu_bound b, bool low)
{
	int order;

	if (a.text.len == 0 || b.text.len == 0)
		return a.text.len ? a : b;
	order = tu_str_cmp(a.key, b.key);
	if (order == 0)
		return a.inclusive ? b : a;
	return (order > 0) == low ? a : b;
}

static bool is_empty(const struct tu_interval *interval)
{
	int order;

	if (interval->lo.text.len == 0 || interval->hi.text.len == 0)
		return false;
	order = tu_str_cmp(interval->lo.key, interval->hi.key);
	return order > 0 || (order == 0 && !(interval->lo.inclusive && interval->hi.inclusive));
}

static void intersect(struct reading *r, struct tu_csaf_scope *a, const struct tu_csaf_scope *b)
{
	struct tu_range *both = tu_arena_alloc(r->arena, sizeof(*both));
	TU_VEC(struct tu_interval) list = {0};
	struct tu_buf text;

	for (size_t i = 0; both && i < a->range->count; i++) {
		for (size_t k = 0; k < b->range->count; k++) {
			const struct tu_interval *x = &a->range->intervals[i];
			const struct tu_interval *y = &b->range->intervals[k];
			struct tu_interval common = {
				narrower(x->lo, y->lo, true), narrower(x->hi, y->hi, false)};
			if (!is_empty(&common) && !TU_VEC_PUSH_IN(r->arena, &list, common))
				out_of(r);
		}
	}
	if (!both || r->status) {
		out_of(r);
		return;
	}
	*both = (struct tu_range){
		.scheme = a->range->scheme, .intervals = list.at, .count = list.count};
	tu_buf_init(&text, 1 << 20);
	tu_range_write(both, &text);
	if (text.failed || !tu_arena_dup(r->arena, tu_buf_str(&text), &a->text))
		out_of(r);
	tu_buf_done(&text);
	a->range = both;
	if (list.count == 0)
		a->kind = TU_CSAF_SCOPE_CONTRADICTS;
}

/* What both branches say. */
static void combine(
	struct reading *r, struct tu_csaf_scope *scope, const struct tu_csaf_scope *outer)
{
	if (scope->kind < TU_CSAF_SCOPE_ALL || outer->kind == TU_CSAF_SCOPE_ALL)
		return;
	if (scope->kind == TU_CSAF_SCOPE_ALL || outer->kind < TU_CSAF_SCOPE_ALL) {
		*scope = *outer;
	} else if (scope->kind == TU_CSAF_SCOPE_RANGE && outer->kind == TU_CSAF_SCOPE_RANGE) {
		if (scope->range->scheme == outer->range->scheme)
			intersect(r, scope, outer);
		else
			scope->kind = TU_CSAF_SCOPE_UNREADABLE;
	} else {
		const struct tu_csaf_scope *one = scope->kind == TU_CSAF_SCOPE_ONE ? scope : outer;
		const struct tu_csaf_scope *other = one == scope ? outer : scope;
		bool inside = other->kind == TU_CSAF_SCOPE_RANGE
			? tu_range_test(other->range, one->text) == TU_INSIDE
			: tu_str_eq(other->text, one->text);

		*scope = *one;
		if (!inside)
			scope->kind = TU_CSAF_SCOPE_CONTRADICTS;
	}
}

/* ---- identifiers ---- */

/* The identifier's own version is one of those that the branches say. */
static void check_version(struct reading *r, struct tu_csaf_scope *scope, struct tu_str version)
{
	bool agrees = true;

	r->all_versioned &= version.len > 0;
	if (version.len == 0)
		return;
	if (scope->kind == TU_CSAF_SCOPE_ONE)
		agrees = tu_csaf_version_within(scope->text, version) ||
			tu_version_compare(r->scheme, scope->text, version) == TU_EQUAL;
	if (scope->kind == TU_CSAF_SCOPE_RANGE)
		agrees = tu_range_test(scope->range, version) == TU_INSIDE;
	if (!agrees)
		scope->kind = TU_CSAF_SCOPE_CONTRADICTS;
}

static bool parse_purl(struct reading *r, struct tu_json value, struct tu_purl *out)
{
	enum tu_status status = TU_E_SYNTAX;

	*out = (struct tu_purl){0};
	if (tu_json_is_string(value))
		status = tu_purl_parse(r->arena, tu_json_str(value), out, NULL);
	if (status == TU_E_NOMEM)
		out_of(r);
	return status == TU_OK;
}

static void check_purl(struct reading *r, struct tu_csaf_scope *scope, struct tu_json value)
{
	struct tu_purl purl;

	if (parse_purl(r, value, &purl))
		check_version(r, scope, purl.version);
}

/* A CPE version with a wildcard in it says too little to contradict. */
static void check_cpe(struct reading *r, struct tu_csaf_scope *scope, struct tu_json value)
{
	struct tu_str version = {"", 0};
	struct tu_cpe cpe;
	struct tu_buf text;
	enum tu_status status = TU_E_SYNTAX;

	if (tu_json_is_string(value))
		status = tu_cpe_parse(r->arena, tu_json_str(value), &cpe, NULL);
	if (status == TU_E_NOMEM)
		out_of(r);
	if (status)
		return;
	if (!tu_str_eq(cpe.attr[TU_CPE_VERSION], TU_STR("-")) &&
		!has_any(cpe.attr[TU_CPE_VERSION], "*?")) {
		tu_buf_init(&text, 4096);
		tu_cpe_attr_plain(cpe.attr[TU_CPE_VERSION], &text);
		if (text.failed || !tu_arena_dup(r->arena, tu_buf_str(&text), &version))
			out_of(r);
		tu_buf_done(&text);
	}
	check_version(r, scope, version);
}

/* An architecture is understood where the purl states it, too. */
static bool narrowing_is_stated(const struct reading *r, struct tu_str narrowed)
{
	struct tu_str arch = tu_purl_qualifier(&r->purl, TU_STR("arch"));

	return narrowed.len == 0 || (arch.len && tu_str_ieq(arch, narrowed));
}

/* ---- the whole ---- */

static void settle(struct reading *r, const struct tu_csaf_path *path, struct tu_json helper,
	struct tu_csaf_scope *scope)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(helper, TU_STR("purls")));
	struct tu_json value;

	for (; path->within != TU_CSAF_NONE && scope->kind >= TU_CSAF_SCOPE_ALL;) {
		struct tu_csaf_scope outer;

		path = &r->tree->branches.at[path->within].path;
		outer = read_path(r, path);
		combine(r, scope, &outer);
	}
	if (scope->kind < TU_CSAF_SCOPE_ALL)
		return;
	r->all_versioned = true;
	check_purl(r, scope, tu_json_get(helper, TU_STR("purl")));
	while (tu_json_next_item(&iter, &value))
		check_purl(r, scope, value);
	check_cpe(r, scope, tu_json_get(helper, TU_STR("cpe")));
	if (scope->kind == TU_CSAF_SCOPE_ONE && r->all_versioned && r->purl.version.len)
		scope->kind = TU_CSAF_SCOPE_ALL;
}

enum tu_status tu_csaf_scope_of(struct tu_arena *arena, const struct tu_csaf_tree *tree,
	const struct tu_csaf_product *product, struct tu_csaf_scope *out_scope)
{
	struct reading r = {.arena = arena, .tree = tree, .scheme = TU_SCHEME_GENERIC};
	const struct tu_csaf_path *path = tu_csaf_tree_path(tree, product);
	struct tu_json helper =
		tu_json_get(product->value, TU_STR("product_identification_helper"));
	struct tu_json_iter iter = tu_json_iter(tu_json_get(helper, TU_STR("purls")));
	struct tu_json first = tu_json_get(helper, TU_STR("purl"));

	if (!first.doc)
		(void)tu_json_next_item(&iter, &first);
	if (parse_purl(&r, first, &r.purl) && tu_purl_scheme(r.purl.type) != TU_SCHEME_NONE)
		r.scheme = tu_purl_scheme(r.purl.type);
	*out_scope = read_path(&r, path);
	settle(&r, path, helper, out_scope);
	out_scope->narrowed = !narrowing_is_stated(&r, path->narrowed);
	return r.status;
}
