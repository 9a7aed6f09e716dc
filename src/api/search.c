/* One vulnerability over the whole portfolio, and looking for anything. */
#include <tutela/device.h>
#include <tutela/score.h>

#include "api/call.h"
#include "base/percent.h"
#include "portfolio/exposure.h"
#include "portfolio/facts.h"
#include "portfolio/search.h"
#include "service/service.h"

#define MEMORY_MAX ((size_t)2 << 30)
enum { UNSTATED_SCORE = 255 };

/* ---- a vulnerability ---- */

static void add_date(struct tu_json_writer *json, const char *key, int64_t seconds)
{
	char text[TU_API_TIME_TEXT];

	tu_json_key(json, key);
	if (seconds)
		tu_json_add_str(json, tu_api_date_text(seconds, text));
	else
		tu_json_add_null(json);
}

static void add_fixed(
	struct tu_json_writer *json, const char *key, int64_t value, double unit, bool stated)
{
	tu_json_key(json, key);
	if (!stated)
		tu_json_add_null(json);
	else
		tu_json_add_number(json, (double)value / unit);
}

static void write_known(struct tu_json_writer *json, const struct tu_vuln_row *row)
{
	tu_json_member_str(json, "title", row->title);
	tu_json_member_str(
		json, "severity", tu_str_c(tu_severity_name((enum tu_severity)row->severity)));
	add_fixed(json, "score", row->score, 10, row->score != UNSTATED_SCORE);
	tu_json_member_bool(json, "kev", row->kev != 0);
	add_fixed(json, "epss", row->epss, 1000000, row->epss != TU_LIST_UNSTATED_EPSS);
	tu_json_member_bool(json, "withdrawn", row->withdrawn != 0);
}

static void write_release(struct tu_json_writer *json, const struct tu_exposed *row)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "device", row->device);
	tu_json_member_str(json, "release", row->release);
	tu_json_member_str(json, "release_name", row->release_name);
	tu_json_member_str(json, "state", row->state);
	add_date(json, "released", row->released);
	tu_json_member_bool(json, "is_decided", row->decided == row->findings);
	tu_json_member_int(json, "findings", row->findings);
	tu_json_member_int(json, "affected", row->affected);
	tu_json_member_int(json, "undecided", row->undecided);
	tu_json_member_int(json, "decided", row->decided);
	tu_json_member_int(json, "proposed", row->proposed);
	tu_json_member_int(json, "reopened", row->reopened);
	tu_json_member_int(json, "not_assessed", row->not_assessed);
	tu_json_member_int(json, "closed", row->closed);
	tu_json_member_int(json, "uncontrolled", row->uncontrolled);
	tu_json_member_str(json, "harm", tu_str_c(tu_harm_name((enum tu_harm)row->harm)));
	tu_json_member_bool(json, "fixable", row->fixable);
	tu_api_member_time_or_null(json, "deadline", row->deadline);
	tu_json_close_object(json);
}

static void write_vulnerability(
	struct tu_json_writer *json, const struct tu_exposure *e, const struct tu_vuln_row *known)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "name", e->vulnerability);
	tu_json_key(json, "known");
	if (known) {
		tu_json_open_object(json);
		write_known(json, known);
		tu_json_close_object(json);
	} else {
		tu_json_add_null(json);
	}
	tu_json_member_int(json, "releases_decided", e->decided);
	tu_json_member_int(json, "releases_open", (int64_t)e->count - e->decided);
	tu_json_member_int(json, "releases_without_sbom", e->without_sbom);
	tu_json_member_int(json, "releases_without_components", e->without_components);
	tu_json_member_int(json, "releases_without_data", e->without_data);
	tu_json_key(json, "releases");
	tu_json_open_array(json);
	for (size_t i = 0; i < e->count; i++)
		write_release(json, &e->rows[i]);
	tu_json_close_array(json);
	tu_json_close_object(json);
}

/* What the knowledge base says is the same for all; what the portfolio has is of the scope. */
static enum tu_status answer(struct tu_api_call *call, struct tu_exposure *e, struct tu_error *err)
{
	const struct tu_kb *kb = call->kb->kb;
	uint32_t index = tu_kb_find(kb, e->vulnerability);
	struct tu_vuln_row known = {0};
	enum tu_status status;

	if (index != TU_KB_NONE) {
		known = tu_vuln_row_of(kb, index);
		e->vulnerability = known.name;
	}
	status = tu_exposure_find(tu_api_store(call), e, err);
	if (status != TU_OK)
		return status;
	if (!e->found && index == TU_KB_NONE)
		return tu_api_unknown(err, "vulnerability");
	write_vulnerability(tu_api_json(call), e, index == TU_KB_NONE ? NULL : &known);
	return TU_OK;
}

enum tu_status tu_api_get_vulnerability(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_exposure e = {.scope = &call->who.scope, .vulnerability = call->path[0]};
	enum tu_status status = tu_api_list(call, err);

	if (status == TU_OK)
		status = tu_api_kb(call, err);
	if (status != TU_OK)
		return status;
	e.list = call->list;
	e.arena = tu_arena_new(MEMORY_MAX);
	status = e.arena ? answer(call, &e, err) : tu_no_memory(err);
	tu_arena_free(e.arena);
	return status;
}

/* ---- search ---- */

static void write_hit(struct tu_json_writer *json, const struct tu_search_hit *hit)
{
	static const char *const paths[TU_SEARCH_KINDS] = {"/v1/devices/", "/v1/releases/",
		"/v1/components?where=", "/v1/vulnerabilities/", "/v1/cases/"};
	size_t start;

	tu_json_open_object(json);
	tu_json_member_str(json, "type", tu_str_c(tu_search_kind_name(hit->kind)));
	tu_json_member_str(json, "id", hit->id);
	tu_json_member_str(json, "title", hit->title);
	tu_json_member_str(json, "detail", hit->detail);
	tu_json_key(json, "link");
	start = tu_json_open_text(json);
	tu_buf_c(json->buf, paths[hit->kind]);
	tu_percent_add(hit->id, TU_STR("-._~"), json->buf);
	tu_json_close_text(json, start);
	tu_json_close_object(json);
}

static void write_search(struct tu_json_writer *json, const struct tu_search *search)
{
	tu_json_open_object(json);
	tu_json_key(json, "counts");
	tu_json_open_object(json);
	for (unsigned i = 0; i < TU_SEARCH_KINDS; i++)
		tu_json_member_int(json, tu_search_kind_name((enum tu_search_kind)i),
			(int64_t)search->counts[i]);
	tu_json_close_object(json);
	tu_json_key(json, "hits");
	tu_json_open_array(json);
	for (size_t i = 0; i < search->hit_count; i++)
		write_hit(json, &search->hits[i]);
	tu_json_close_array(json);
	tu_json_close_object(json);
}

enum tu_status tu_api_search(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_search search = {
		.scope = &call->who.scope, .word = tu_str_trim(tu_api_query(call, "q"))};
	struct tu_error none = {0};
	enum tu_status status = tu_api_list(call, err);

	if (status != TU_OK)
		return status;
	if (search.word.len < 2)
		return tu_fail(err, TU_E_USAGE, 0, "q: at least two characters that are no spaces");
	if (tu_api_kb(call, &none) == TU_OK)
		search.kb = call->kb->kb;
	search.list = call->list;
	search.arena = tu_arena_new(MEMORY_MAX);
	status = search.arena ? tu_search_run(tu_api_store(call), &search, err) : tu_no_memory(err);
	if (status == TU_OK)
		write_search(tu_api_json(call), &search);
	tu_arena_free(search.arena);
	return status;
}
