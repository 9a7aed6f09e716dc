#include "portfolio/search.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "portfolio/case.h"
#include "portfolio/release.h"
#include "portfolio/scope.h"
#include "portfolio/where.h"

enum { TEXT_MAX_BYTES = 1024 };

static const char *const names[TU_SEARCH_KINDS] = {
	"device", "release", "component", "vulnerability", "case"};

const char *tu_search_kind_name(enum tu_search_kind kind)
{
	return names[kind];
}

struct searching {
	struct tu_search *search;
	TU_VEC(struct tu_search_hit) hits;
	bool failed; /* no memory */
};

static bool has_word(const struct searching *s, struct tu_str text)
{
	struct tu_str word = s->search->word;

	for (size_t i = 0; i + word.len <= text.len; i++)
		if (tu_str_ieq(tu_str_of(text.ptr + i, word.len), word))
			return true;
	return false;
}

static void add(struct searching *s, const struct tu_search_hit *from, const char *detail, ...)
	TU_PRINTF(3, 4);

static void add(struct searching *s, const struct tu_search_hit *from, const char *detail, ...)
{
	struct tu_arena *arena = s->search->arena;
	struct tu_search_hit hit = *from;
	char text[TEXT_MAX_BYTES];
	va_list args;

	if (s->search->counts[hit.kind]++ >= TU_SEARCH_HITS)
		return;
	va_start(args, detail);
	(void)vsnprintf(text, sizeof(text), detail, args);
	va_end(args);
	s->failed = s->failed || !tu_arena_dup(arena, from->id, &hit.id) ||
		!tu_arena_dup(arena, from->title, &hit.title) ||
		!tu_arena_dup(arena, tu_str_c(text), &hit.detail) ||
		!TU_VEC_PUSH_IN(arena, &s->hits, hit);
}

/* ---- devices and releases ---- */

static enum tu_status look_at_releases(struct tu_work *w, struct searching *s,
	const struct tu_device_row *device, struct tu_error *err)
{
	struct tu_release_rows rows = {0};
	enum tu_status status = tu_release_list(w, device->id, &rows, err);

	for (size_t i = 0; i < rows.count && status == TU_OK; i++)
		if (has_word(s, rows.at[i].version))
			add(s,
				&(struct tu_search_hit){TU_SEARCH_RELEASE, rows.at[i].public_id,
					rows.at[i].version, {0}},
				"%.*s, %.*s", TU_STR_FMT(device->title),
				TU_STR_FMT(rows.at[i].state));
	return status;
}

static enum tu_status look_at_devices(struct tu_work *w, void *self, struct tu_error *err)
{
	struct searching *s = self;
	struct tu_devices_seen seen = {0};
	enum tu_status status = tu_device_list(w, s->search->scope, &seen, err);

	s->hits.count = 0;
	memset(s->search->counts, 0, sizeof(s->search->counts));
	for (size_t i = 0; i < seen.count && status == TU_OK; i++) {
		const struct tu_device_row *device = &seen.at[i].device;

		if (has_word(s, device->name) || has_word(s, device->title))
			add(s,
				&(struct tu_search_hit){
					TU_SEARCH_DEVICE, device->name, device->title, {0}},
				"%lld release%s", (long long)seen.at[i].releases,
				seen.at[i].releases == 1 ? "" : "s");
		status = look_at_releases(w, s, device, err);
	}
	return status;
}

/* ---- components ---- */

static bool is_same(const struct tu_where_row *a, const struct tu_where_row *b)
{
	return tu_str_eq(a->component, b->component) && tu_str_eq(a->version, b->version) &&
		tu_str_eq(a->purl, b->purl);
}

static int by_component(const void *a, const void *b)
{
	const struct tu_where_row *x = a, *y = b;
	int order = tu_str_cmp(x->component, y->component);

	if (order == 0)
		order = tu_str_cmp(x->version, y->version);
	return order ? order : tu_str_cmp(x->purl, y->purl);
}

/* A word is a part of a name; what has a comparison is a question as it is. */
static bool ask_components(const struct searching *s, struct tu_where *where)
{
	struct tu_str word = s->search->word;
	struct tu_buf text;
	bool kept;

	if (tu_str_find(word, '<') < word.len || tu_str_find(word, '>') < word.len) {
		where->question = word;
		return true;
	}
	tu_buf_init(&text, TU_WHERE_TEXT_MAX);
	tu_buf_byte(&text, '*');
	/* a space would end the name */
	for (size_t i = 0; i < word.len; i++)
		tu_buf_byte(&text, word.ptr[i] == ' ' ? '*' : word.ptr[i]);
	tu_buf_byte(&text, '*');
	kept = !text.failed && tu_arena_dup(where->arena, tu_buf_str(&text), &where->question);
	tu_buf_done(&text);
	return kept;
}

static void add_components(struct searching *s, const struct tu_where *where)
{
	struct tu_where_row *rows = tu_arena_array(where->arena, where->count, sizeof(*rows));

	s->failed = s->failed || !rows;
	if (!rows || !where->count)
		return;
	memcpy(rows, where->rows, where->count * sizeof(*rows));
	qsort(rows, where->count, sizeof(*rows), by_component);
	for (size_t i = 0, k; i < where->count; i = k) {
		for (k = i + 1; k < where->count && is_same(&rows[i], &rows[k]); k++)
			;
		add(s,
			&(struct tu_search_hit){
				TU_SEARCH_COMPONENT, rows[i].component, rows[i].component, {0}},
			"%s%.*s, in %zu release%s%s", rows[i].version.len ? "" : "no version",
			TU_STR_FMT(rows[i].version), k - i, k - i == 1 ? "" : "s",
			rows[i].undecided ? ", undecided" : "");
	}
}

static enum tu_status look_at_components(
	struct tu_store *store, struct searching *s, struct tu_error *err)
{
	struct tu_where where = {.arena = s->search->arena, .scope = s->search->scope};
	struct tu_error own = {0};
	enum tu_status status;

	if (!ask_components(s, &where))
		return TU_OK; /* nothing has such a long name */
	status = tu_where_find(store, &where, &own);
	if (status == TU_E_USAGE || status == TU_E_LIMIT)
		return TU_OK; /* it is the name of no component */
	if (status == TU_OK)
		add_components(s, &where);
	else if (err)
		*err = own;
	return status;
}

/* ---- vulnerabilities and cases ---- */

/* The name that a CVE, GHSA, … has in the store. */
static struct tu_str name_of(const struct tu_search *search)
{
	uint32_t index = search->kb ? tu_kb_find(search->kb, search->word) : TU_KB_NONE;

	return index == TU_KB_NONE ? search->word : tu_kb_vulnerability(search->kb, index).id;
}

static enum tu_status look_at_vulnerabilities(
	struct searching *s, struct tu_list_page *page, struct tu_error *err)
{
	struct tu_search *search = s->search;
	const struct tu_list_filter filter = {
		.vulnerability = tu_str_first(name_of(search), TU_LIST_TEXT_MAX)};
	const struct tu_list_query query = {.kind = TU_LIST_OF_VULNERABILITIES,
		.filter = &filter,
		.scope = search->scope,
		.sort = TU_LIST_BY_NAME,
		.page_size = TU_SEARCH_HITS};
	enum tu_status status = tu_list_page(search->arena, search->list, &query, page, err);

	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < page->count; i++) {
		const struct tu_list_group *g = &page->groups[i];

		add(s,
			&(struct tu_search_hit){TU_SEARCH_VULNERABILITY, g->vulnerability.name,
				g->vulnerability.name, {0}},
			"in %u release%s, %s", (unsigned)g->releases, g->releases == 1 ? "" : "s",
			tu_list_state_name(g->state));
	}
	search->counts[TU_SEARCH_VULNERABILITY] = page->total.count;
	return TU_OK;
}

struct casing {
	struct searching *s;
	const struct tu_list_page *page;
};

static enum tu_status look_at_case(
	struct tu_work *w, struct searching *s, struct tu_str vuln, struct tu_error *err)
{
	struct tu_case_row row;
	enum tu_status status = tu_case_find_in(w, vuln, s->search->scope, &row, err);

	if (status == TU_OK)
		add(s, &(struct tu_search_hit){TU_SEARCH_CASE, row.public_id, row.vuln, {0}}, "%s",
			row.closed ? "closed" : "open");
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

static enum tu_status look_at_cases(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct casing *c = self;
	enum tu_status status = TU_OK;

	c->s->search->counts[TU_SEARCH_CASE] = 0;
	if (c->s->search->word.len == TU_RANDOM_ID)
		status = look_at_case(w, c->s, c->s->search->word, err);
	for (size_t i = 0; i < c->page->count && status == TU_OK; i++)
		status = look_at_case(w, c->s, c->page->groups[i].vulnerability.name, err);
	return status;
}

enum tu_status tu_search_run(struct tu_store *store, struct tu_search *search, struct tu_error *err)
{
	const struct tu_act act = {0};
	struct searching s = {.search = search};
	struct tu_list_page page = {0};
	struct casing cases = {&s, &page};
	enum tu_status status = tu_work_read(store, &act, look_at_devices, &s, err);

	if (status == TU_OK)
		status = look_at_components(store, &s, err);
	if (status == TU_OK)
		status = look_at_vulnerabilities(&s, &page, err);
	if (status == TU_OK)
		status = tu_work_read(store, &act, look_at_cases, &cases, err);
	if (status == TU_OK && s.failed)
		status = tu_no_memory(err);
	search->hits = s.hits.at;
	search->hit_count = s.hits.count;
	return status;
}
