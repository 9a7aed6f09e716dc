/* Signed baselines of a design, and what changed between two. */
#include <tutela/sink.h>

#include <string.h>

#include "api/designs.h"
#include "app/threat_diff.h"
#include "portfolio/baseline.h"
#include "show/threat.h"

#define DIFF_MAX ((size_t)256 << 20)
enum { MEMORY_MAX = 256 << 20 };

struct row {
	struct tu_str id, name, by, zone, signature, digest;
	int64_t at;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, at, TU_API_TIME, 0),
	TU_API_COLUMN(struct row, by, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, zone, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, signature, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, digest, TU_API_TEXT, 0),
};
const struct tu_api_table tu_api_table_design_baseline =
	TU_API_TABLE("DesignBaseline", struct row, columns);

/* ---- the list ---- */

static enum tu_status row_of(struct tu_api_call *call, const struct tu_baseline *baseline,
	struct row *out, struct tu_error *err)
{
	struct tu_buf digest;
	bool fine;

	*out = (struct row){.id = baseline->public_id,
		.name = baseline->name,
		.at = baseline->at,
		.by = baseline->by,
		.zone = baseline->zone,
		.signature = baseline->signature};
	tu_buf_init(&digest, 2 * TU_SHA256_BYTES);
	tu_sha256_write(baseline->digest, &digest);
	fine = !digest.failed && tu_arena_dup(call->arena, tu_buf_str(&digest), &out->digest);
	tu_buf_done(&digest);
	return fine ? TU_OK : tu_no_memory(err);
}

static enum tu_status list(struct tu_api_call *call, struct tu_baselines *out, struct tu_error *err)
{
	const struct tu_design_asked asked = tu_api_design_asked(call);
	enum tu_status status = tu_baseline_list(&asked, call->arena, out, err);

	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "device") : status;
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	return tu_api_page_of(call, page, self, err);
}

enum tu_status tu_api_list_design_baselines(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_baselines all;
	struct tu_api_rows rows;
	struct row *made;
	enum tu_status status = list(call, &all, err);

	if (status != TU_OK)
		return status;
	made = tu_arena_array(call->arena, all.count, sizeof(*made));
	status = made ? TU_OK : tu_no_memory(err);
	for (size_t i = 0; status == TU_OK && i < all.count; i++)
		status = row_of(call, &all.at[i], &made[i], err);
	rows = (struct tu_api_rows){made, all.count};
	return status ? status : tu_api_answer_page(call, fetch, &rows, err);
}

/* ---- signing one ---- */

static enum tu_status answer_one(
	struct tu_api_call *call, struct tu_str public_id, struct tu_error *err)
{
	struct tu_baselines all;
	struct row row;
	enum tu_status status = list(call, &all, err);

	for (size_t i = 0; status == TU_OK && i < all.count; i++)
		if (tu_str_eq(all.at[i].public_id, public_id)) {
			status = row_of(call, &all.at[i], &row, err);
			return status ? status : tu_api_answer_row(call, &row, err);
		}
	return status ? status : tu_api_unknown(err, "baseline");
}

enum tu_status tu_api_sign_design_baseline(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_baseline_sign sign = {.asked = tu_api_design_asked(call),
		.based_on = call->if_match,
		.name = tu_str_trim(tu_api_body_str(call, "name")),
		.zone = tu_api_body_str(call, "zone")};
	struct tu_error own = {0};
	enum tu_status status = tu_api_proof(call, &sign.proof, err);

	if (status != TU_OK)
		return status;
	call->act.reason = tu_str_trim(tu_api_body_str(call, "reason"));
	status = tu_baseline_sign(&call->act, &sign, &own);
	if (status != TU_OK)
		tu_api_design_failed(&own, err);
	if (tu_device_is_unread(status))
		call->problem.type = TU_PROBLEM_CONFLICT;
	if (status != TU_OK)
		return status;
	status = answer_one(call, tu_str_c(sign.out_public), err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/devices/%.*s/design/baselines/%s",
			TU_STR_FMT(call->path[0]), sign.out_public);
	return status;
}

/* ---- one of them ---- */

static enum tu_status open_one(struct tu_api_call *call, struct tu_arena *arena,
	struct tu_baseline_opened *out, struct tu_error *err)
{
	const struct tu_design_asked asked = tu_api_design_asked(call);
	struct tu_error own = {0};
	enum tu_status status = tu_baseline_open(&asked, arena, out, &own);

	return status ? tu_api_design_failed(&own, err) : TU_OK;
}

enum tu_status tu_api_get_design_baseline(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_baseline_opened opened = {.wanted = call->path[1]};
	struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
	struct tu_buf text;
	enum tu_status status = arena ? open_one(call, arena, &opened, err) : tu_no_memory(err);

	tu_buf_init(&text, MEMORY_MAX);
	tu_buf_str_add(&text, opened.document);
	if (status == TU_OK && text.failed)
		status = tu_no_memory(err);
	if (status == TU_OK)
		tu_api_answer_buf(call, "application/json", &text, (struct tu_str){"", 0});
	tu_buf_done(&text);
	tu_arena_free(arena);
	return status;
}

/* ---- what changed ---- */

struct side {
	struct tu_arena *arena;
	struct tu_design design;
	struct tu_threat_answer answer;
};

static enum tu_status open_side(
	struct tu_api_call *call, struct tu_str name, struct side *out, struct tu_error *err)
{
	const struct tu_design_asked asked = tu_api_design_asked(call);
	struct tu_baseline_opened opened = {.wanted = name};
	enum tu_status status;

	*out = (struct side){.arena = tu_arena_new(MEMORY_MAX)};
	if (!out->arena)
		return tu_no_memory(err);
	if (name.len && !tu_str_eq(name, TU_STR("now"))) {
		status = open_one(call, out->arena, &opened, err);
		out->design = opened.design;
	} else {
		status = tu_design_open(&asked, out->arena, &out->design, err);
		if (status == TU_E_NOTFOUND)
			return tu_api_unknown(err, "device");
	}
	return status ? status : tu_api_design_judge(call, &out->design, &out->answer, err);
}

static void close_side(struct side *side)
{
	tu_threat_answer_done(&side->answer);
	tu_arena_free(side->arena);
}

static enum tu_status compare(struct tu_api_call *call, const struct side *from,
	const struct side *to, struct tu_error *err)
{
	const struct tu_model_side before = {from->answer.model, from->answer.threats};
	const struct tu_model_side after = {to->answer.model, to->answer.threats};
	struct tu_model_diff diff;
	struct tu_sink sink;
	enum tu_status status = tu_model_compare(to->arena, &before, &after, &diff, err);

	tu_sink_init_memory(&sink, DIFF_MAX);
	if (status == TU_OK)
		tu_threat_diff_json(&diff, &sink);
	if (status == TU_OK && sink.buf.failed)
		status = tu_no_memory(err);
	if (status == TU_OK)
		tu_api_answer_buf(call, "application/json", &sink.buf, (struct tu_str){"", 0});
	tu_sink_done(&sink);
	return status;
}

enum tu_status tu_api_compare_design(struct tu_api_call *call, struct tu_error *err)
{
	struct side from, to = {0};
	enum tu_status status = open_side(call, tu_api_query(call, "from"), &from, err);

	if (status == TU_OK)
		status = open_side(call, tu_api_query(call, "to"), &to, err);
	if (status == TU_OK)
		status = compare(call, &from, &to, err);
	close_side(&from);
	close_side(&to);
	return status;
}
