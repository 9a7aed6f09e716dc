#include "app/concept_pack.h"

#include "base/input.h"
#include "base/sha256.h"

enum { DOCUMENT_MAX = 64 << 20, DOCUMENTS_MAX = 20000, LICENCE_MAX = 32 * 1024 };

struct search {
	struct tu_arena *arena;
	struct tu_json_parser *parser;
	struct tu_concept_pack pack;
	struct tu_str licence;
	struct tu_error problem; /* the first one, for want of a pack */
};

static struct tu_str last_name(struct tu_str name)
{
	size_t slash = tu_str_rfind(name, '/');

	return slash < name.len ? tu_str_from(name, slash + 1) : name;
}

static bool is_licence(struct tu_str name)
{
	return tu_str_istarts(name, TU_STR("LICENSE")) || tu_str_istarts(name, TU_STR("LICENCE")) ||
		tu_str_istarts(name, TU_STR("COPYING"));
}

static enum tu_status describe(
	struct search *s, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct tu_concept_pack_record *record = &s->pack.record;
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_buf hex;
	bool fine;

	if (tu_sha256(text, digest) != TU_OK)
		return tu_no_memory(err);
	tu_buf_init(&hex, 4096);
	tu_buf_c(&hex, "sha256:");
	tu_sha256_write(digest, &hex);
	fine = !hex.failed && tu_arena_dup(s->arena, tu_buf_str(&hex), &record->digest) &&
		tu_arena_dup(s->arena, last_name(name), &record->file);
	tu_buf_done(&hex);
	return fine ? TU_OK : tu_no_memory(err);
}

static enum tu_status visit(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = DOCUMENT_MAX, .depth = 64};
	struct search *s = context;
	struct tu_json root;
	enum tu_status status;

	if (is_licence(last_name(name)) && !s->licence.len && text.len <= LICENCE_MAX)
		return tu_arena_dup(s->arena, tu_str_trim(text), &s->licence) ? TU_OK
									      : tu_no_memory(err);
	if (s->pack.count || !tu_str_starts(tu_str_trim(text), TU_STR("{")))
		return TU_OK;
	status = tu_json_parse(s->parser, text, &limits, &root, &s->problem);
	if (status != TU_OK || !tu_concept_pack_is(root))
		return status == TU_E_NOMEM ? tu_no_memory(err) : TU_OK;
	status = tu_concept_pack_read(s->arena, root, &s->pack, err);
	if (status != TU_OK)
		return tu_error_prefix(err, "%.*s", TU_STR_FMT(tu_str_first(name, 200)));
	return describe(s, name, text, err);
}

static void problem(void *context, struct tu_str name, const struct tu_error *problem)
{
	struct search *s = context;

	(void)name;
	if (!s->problem.status)
		s->problem = *problem;
}

enum tu_status tu_concept_pack_open(struct tu_arena *arena, const char *path,
	struct tu_concept_pack *out_pack, struct tu_error *err)
{
	struct search s = {.arena = arena, .parser = tu_json_parser_new()};
	const struct tu_input_walk walk = {.visit = visit,
		.problem = problem,
		.context = &s,
		.limits = {.bytes = DOCUMENT_MAX, .entries = DOCUMENTS_MAX}};
	char text[TU_ERROR_TEXT_MAX];
	enum tu_status status = s.parser ? tu_input_each(path, &walk, err) : tu_no_memory(err);

	tu_json_parser_free(s.parser);
	if (status != TU_OK)
		return status;
	if (!s.pack.count)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"%s: no pack of questions, expected EMB3D's "
			"properties_threat_mappings.json or its STIX bundle%s%s",
			path, s.problem.status ? ": " : "",
			s.problem.status ? tu_error_text(&s.problem, text, sizeof(text)) : "");
	s.pack.record.licence = s.licence.len ? s.licence : tu_str_c(tu_concept_emb3d_terms);
	*out_pack = s.pack;
	return TU_OK;
}
