#include "api/gaps.h"

#include <stdio.h>

#include "api/finding_json.h"
#include "base/sha256.h"
#include "portfolio/gaps.h"
#include "service/service.h"

enum { GAPS_MAX = 4096 };

/* How far the data reach: the source whose newest record is the oldest. None in use: null. */
static void write_knowledge(struct tu_json_writer *json, const struct tu_kb *kb)
{
	struct tu_kb_info info;
	struct tu_kb_source oldest;

	tu_json_key(json, "knowledge_base");
	if (!kb) {
		tu_json_add_null(json);
		return;
	}
	tu_kb_info(kb, &info);
	tu_json_open_object(json);
	tu_record_digest(json, "sha256", info.sha256);
	tu_api_member_seconds(json, "newest", info.newest);
	tu_json_key(json, "oldest_source");
	if (tu_kb_oldest_source(kb, &oldest)) {
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

struct reading {
	struct tu_api_call *call;
	struct tu_gaps gaps;
};

static enum tu_status read(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;

	return tu_gaps_of(w, &r->call->who.scope, &r->gaps, err);
}

enum tu_status tu_api_gaps_read(
	struct tu_api_call *call, struct tu_str *out_json, struct tu_error *err)
{
	struct reading r = {.call = call};
	struct tu_error none = {0};
	struct tu_json_writer json;
	struct tu_buf text;
	enum tu_status status = tu_api_read(call, read, &r, err);

	if (status != TU_OK)
		return status;
	(void)(tu_api_kb(call, &none) == TU_OK);
	tu_buf_init(&text, GAPS_MAX);
	json = tu_json_writer(&text, false);
	tu_json_open_object(&json);
	tu_json_member_int(&json, "releases", r.gaps.releases);
	tu_json_member_int(&json, "releases_without_sbom", r.gaps.releases_without_sbom);
	tu_json_member_int(
		&json, "releases_without_components", r.gaps.releases_without_components);
	tu_json_member_int(&json, "releases_without_data", r.gaps.releases_without_data);
	tu_json_member_int(&json, "releases_not_settled", r.gaps.releases_not_settled);
	tu_json_member_int(&json, "components_without_data", r.gaps.components_without_data);
	write_knowledge(&json, call->kb ? call->kb->kb : NULL);
	tu_json_close_object(&json);
	if (text.failed || !tu_arena_dup(call->arena, tu_buf_str(&text), out_json))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_api_gaps_digits(
	struct tu_str json, char out[TU_API_GAPS_DIGITS + 1], struct tu_error *err)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 2 * TU_API_GAPS_DIGITS);
	tu_sha256_mark(json, TU_API_GAPS_DIGITS, &text);
	fine = !text.failed && text.len == TU_API_GAPS_DIGITS;
	(void)snprintf(out, TU_API_GAPS_DIGITS + 1, "%.*s", TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
	return fine ? TU_OK : tu_no_memory(err);
}

void tu_api_gaps_write(struct tu_json_writer *json, struct tu_str gaps)
{
	tu_json_key(json, "gaps");
	tu_json_add_raw(json, gaps);
}
