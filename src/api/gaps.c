#include "api/gaps.h"

#include <stdio.h>
#include <string.h>

#include "api/finding_json.h"
#include "base/sha256.h"
#include "portfolio/gaps.h"
#include "service/intelligence.h"

enum { GAPS_MAX = 1 << 16, DIGITS = 12 };

/* ---- reading ---- */

struct reading {
	struct tu_api_call *call;
	struct tu_gaps gaps;
	struct tu_service_intelligence sources;
	bool has_sources; /* feeds.conf could be read: that it cannot is no reason to have no list
			   */
};

static enum tu_status read(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;

	return tu_gaps_of(w, tu_service_gaps(r->call->service), &r->call->who.scope, &r->gaps, err);
}

/* ---- as JSON ---- */

static void write_sources(struct tu_json_writer *json, const struct reading *r)
{
	tu_json_key(json, "late_sources");
	if (!r->has_sources) {
		tu_json_add_null(json);
		return;
	}
	tu_json_open_array(json);
	for (size_t i = 0; i < r->sources.source_count; i++) {
		const struct tu_service_source *one = &r->sources.sources[i];

		if (!one->enabled || one->freshness == TU_FRESH)
			continue;
		tu_json_open_object(json);
		tu_json_member_str(json, "source", one->name);
		tu_json_member_str(json, "freshness", tu_str_c(tu_freshness_name(one->freshness)));
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

/* How far the data reach: the source whose newest record is the oldest. None in use: null. */
static void write_knowledge(struct tu_json_writer *json, const struct tu_service_kb *held)
{
	struct tu_kb_info info;
	struct tu_kb_source oldest;

	tu_json_key(json, "knowledge_base");
	if (!held) {
		tu_json_add_null(json);
		return;
	}
	tu_kb_info(held->kb, &info);
	tu_json_open_object(json);
	tu_record_digest(json, "sha256", info.sha256);
	tu_json_member_bool(json, "starter", held->is_starter);
	tu_api_member_seconds(json, "newest", info.newest);
	tu_json_key(json, "oldest_source");
	if (tu_kb_oldest_source(held->kb, &oldest)) {
		tu_json_open_object(json);
		tu_json_member_str(json, "source", tu_str_c(tu_source_name(oldest.source)));
		tu_api_member_null(json, "database", oldest.database);
		tu_api_member_seconds(json, "newest", oldest.newest);
		tu_json_close_object(json);
	} else {
		tu_json_add_null(json);
	}
	tu_json_close_object(json);
}

/* ---- reading ---- */

/* The counts, in the order of the document; both forms, and whether there are any. */
static void write_all(
	const struct reading *r, struct tu_api_gaps *out, struct tu_buf *text, struct tu_buf *words)
{
	const struct {
		const char *name;
		int64_t count;
	} counts[] = {{"releases", r->gaps.releases},
		{"releases_without_sbom", r->gaps.releases_without_sbom},
		{"releases_without_components", r->gaps.releases_without_components},
		{"releases_without_data", r->gaps.releases_without_data},
		{"releases_not_settled", r->gaps.releases_not_settled},
		{"components_without_data", r->gaps.components_without_data},
		{"devices_in_intake", r->gaps.devices_in_intake}};
	const struct tu_service_kb *kb = r->call->kb;
	struct tu_json_writer json = tu_json_writer(text, false);

	out->none = kb && !kb->is_starter && r->has_sources && !r->sources.late;
	tu_json_open_object(&json);
	for (size_t i = 0; i < TU_COUNT(counts); i++) {
		tu_json_member_int(&json, counts[i].name, counts[i].count);
		tu_buf_printf(words, "%s=%lld, ", counts[i].name, (long long)counts[i].count);
		out->none = out->none && (i == 0 || !counts[i].count);
	}
	write_sources(&json, r);
	write_knowledge(&json, kb);
	tu_json_close_object(&json);
	if (r->has_sources)
		tu_buf_printf(words, "late_sources=%zu, ", r->sources.late);
	else
		tu_buf_c(words, "late_sources=unknown, ");
	tu_buf_printf(words, "knowledge_base=%s",
		!kb			 ? "none"
			: kb->is_starter ? "starter"
					 : "own");
}

enum tu_status tu_api__gaps_read(struct tu_api_call *call, struct tu_error *err)
{
	struct reading r = {.call = call};
	struct tu_error none = {0};
	struct tu_buf text, words, digits;
	enum tu_status status = tu_api_read(call, read, &r, err);

	if (status != TU_OK)
		return status;
	(void)(tu_api_kb(call, &none) == TU_OK);
	r.has_sources = tu_service_sources(call->service, call->arena, &r.sources, &none) == TU_OK;
	tu_buf_init(&text, GAPS_MAX);
	tu_buf_init(&words, GAPS_MAX);
	tu_buf_init(&digits, 2 * DIGITS);
	write_all(&r, &call->gaps, &text, &words);
	tu_sha256_mark(tu_buf_str(&text), DIGITS, &digits);
	(void)snprintf(call->gaps.digits, sizeof(call->gaps.digits), "%.*s",
		TU_STR_FMT(tu_buf_str(&digits)));
	if (text.failed || words.failed || digits.failed ||
		!tu_arena_dup(call->arena, tu_buf_str(&text), &call->gaps.json) ||
		!tu_arena_dup(call->arena, tu_buf_str(&words), &call->gaps.words))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	tu_buf_done(&words);
	tu_buf_done(&digits);
	return status;
}

/* ---- adding ---- */

/* An object of ours; what has a media type of its own is somebody else's schema. */
static bool takes_member(const struct tu_api_call *call)
{
	const struct tu_buf *body = &call->answer.body;
	const char *type = call->answer.type;

	return call->export == TU_API_AS_JSON && (!type || !strcmp(type, "application/json")) &&
		body->len && body->ptr[body->len - 1] == '}';
}

void tu_api__gaps_add(struct tu_api_call *call)
{
	struct tu_buf *body = &call->answer.body;
	char *etag = call->answer.etag;
	const size_t len = strlen(etag);

	while (call->export == TU_API_AS_JSON && body->len && body->ptr[body->len - 1] == '\n')
		body->len--; /* of what is written as the command line has it */
	call->gaps.in_body = takes_member(call);
	if (call->gaps.in_body) {
		body->len--;
		tu_buf_c(body, ",\"gaps\":");
		tu_buf_str_add(body, call->gaps.json);
		tu_buf_byte(body, '}');
	}
	if (len)
		(void)snprintf(
			etag + len, sizeof(call->answer.etag) - len, "-%s", call->gaps.digits);
}
