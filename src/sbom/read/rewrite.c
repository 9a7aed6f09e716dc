#include "sbom/read/rewrite.h"

#include <stdint.h>

#include "base/alloc.h"
#include "base/checked.h"
#include "base/utf8.h"

enum { DEFAULT_NOTES = 1000 };

#define DEFAULT_BYTES ((size_t)1 << 30)
#define JSON_MAX ((size_t)UINT32_MAX - 4096) /* of the JSON parser */

/* JSON is seldom longer than what it was written from; escapes and short rows can make it so. */
size_t tu_sbom__rewrite_ceiling(const struct tu_sbom_limits *limits)
{
	enum { TIMES = 4, MORE = 64 * 1024 };
	size_t bytes = limits->bytes ? limits->bytes : DEFAULT_BYTES;
	size_t ceiling;

	if (!tu_mul(bytes, TIMES, &ceiling) || ceiling > JSON_MAX - MORE)
		return JSON_MAX;
	return ceiling + MORE;
}

bool tu_sbom__rewrite_init(
	struct tu_sbom_rewrite *r, const struct tu_sbom_limits *limits, struct tu_error *err)
{
	*r = (struct tu_sbom_rewrite){
		.limits = limits, .err = err, .line = 1, .spec_version = {"", 0}};
	tu_buf_init(&r->json, tu_sbom__rewrite_ceiling(limits));
	r->to = tu_json_writer(&r->json, false);
	r->scratch = tu_arena_new(0);
	return r->scratch != NULL;
}

void tu_sbom__rewrite_done(struct tu_sbom_rewrite *r)
{
	tu_arena_free(r->scratch);
	tu_buf_done(&r->json);
	TU_VEC_DONE(&r->priors);
}

void tu_sbom__rewrite_line(struct tu_sbom_rewrite *r, size_t line)
{
	r->keeps_lines = true;
	for (; r->line < line && !r->json.failed; r->line++)
		tu_buf_byte(&r->json, '\n');
}

enum tu_status tu_sbom__rewrite_nomem(const struct tu_sbom_rewrite *r)
{
	return tu_no_memory(r->err);
}

/* A buffer fails by memory or by its limit; near the limit it was the limit. */
enum tu_status tu_sbom__rewrite_check(const struct tu_sbom_rewrite *r, const struct tu_buf *buf)
{
	if (!buf->failed)
		return TU_OK;
	if (buf->len < buf->ceiling / 2)
		return tu_sbom__rewrite_nomem(r);
	return tu_fail(
		r->err, TU_E_LIMIT, 0, "more than the limit of %zu bytes as JSON", buf->ceiling);
}

/* ---- notes ---- */

static struct tu_sbom_prior *prior_like(
	struct tu_sbom_rewrite *r, const char *what, struct tu_str detail)
{
	enum { LOOK_MAX = 64 };

	for (size_t i = 0; i < r->priors.count && i < LOOK_MAX; i++) {
		struct tu_sbom_prior *prior = &r->priors.at[i];

		if (prior->what == what && tu_str_eq(prior->detail, detail))
			return prior;
	}
	return NULL;
}

static bool word_place(
	struct tu_sbom_rewrite *r, size_t line, struct tu_str path, struct tu_str *out_place)
{
	struct tu_buf place;
	bool copied;

	tu_buf_init(&place, path.len + 64);
	if (line)
		tu_buf_printf(&place, "line %zu%s", line, path.len ? ", " : "");
	tu_buf_str_add(&place, path);
	copied = !place.failed && tu_arena_dup(r->scratch, tu_buf_str(&place), out_place);
	tu_buf_done(&place);
	return copied;
}

enum tu_status tu_sbom__rewrite_note(struct tu_sbom_rewrite *r, size_t line, struct tu_str path,
	const char *what, struct tu_str detail)
{
	enum { DETAIL_MAX = 200 };
	size_t ceiling = r->limits->notes ? r->limits->notes : DEFAULT_NOTES;
	struct tu_sbom_prior prior = {.what = what, .count = 1};
	struct tu_sbom_prior *like;

	detail = tu_utf8_first(detail, DETAIL_MAX);
	like = prior_like(r, what, detail);
	if (like) {
		like->count++;
		return TU_OK;
	}
	if (r->priors.count >= ceiling) {
		r->priors_left_out++;
		return TU_OK;
	}
	if (!word_place(r, line, path, &prior.place) ||
		!tu_arena_dup(r->scratch, detail, &prior.detail) || !TU_VEC_PUSH(&r->priors, prior))
		return tu_sbom__rewrite_nomem(r);
	return TU_OK;
}

enum tu_status tu_sbom__rewrite_hand_over(
	const struct tu_sbom_rewrite *r, struct tu_sbom_builder *b)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < r->priors.count; i++) {
		const struct tu_sbom_prior *prior = &r->priors.at[i];

		status = tu_sbom__note_place(
			b, prior->place, prior->what, prior->detail, prior->count);
	}
	b->remarks_left_out += r->priors_left_out;
	return status;
}

/* ---- parts ---- */

void tu_sbom__part_init(struct tu_sbom_rewrite *r, struct tu_sbom_part *part)
{
	tu_buf_init(&part->buf, r->json.ceiling);
	part->to = tu_json_writer(&part->buf, false);
}

enum tu_status tu_sbom__part_member(
	struct tu_sbom_rewrite *r, const char *key, struct tu_sbom_part *part)
{
	enum tu_status status = tu_sbom__rewrite_check(r, &part->buf);

	if (!status && part->buf.len) {
		tu_json_key(&r->to, key);
		tu_json_open_array(&r->to);
		tu_buf_str_add(&r->json, tu_buf_str(&part->buf));
		tu_json_close_array(&r->to);
	}
	tu_buf_done(&part->buf);
	return status;
}
