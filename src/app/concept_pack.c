#include "app/concept_pack.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/sha256.h"
#include "base/vec.h"

enum { DOCUMENT_MAX = 64 << 20, DOCUMENTS_MAX = 20000, LICENCE_MAX = 32 * 1024, FILES_MAX = 100 };

#define FOLDER "questions"

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

static enum tu_status refuse(const struct search *s, struct tu_str name, struct tu_error *err)
{
	char text[TU_ERROR_TEXT_MAX];

	return tu_fail(err, TU_E_UNSUPPORTED, 0,
		"%.*s: no pack of questions, expected EMB3D's properties_threat_mappings.json or "
		"its STIX bundle%s%s",
		TU_STR_FMT(name), s->problem.status ? ": " : "",
		s->problem.status ? tu_error_text(&s->problem, text, sizeof(text)) : "");
}

enum tu_status tu_concept_pack_open(struct tu_arena *arena, const char *path,
	struct tu_concept_pack *out_pack, struct tu_error *err)
{
	struct search s = {.arena = arena, .parser = tu_json_parser_new()};
	const struct tu_input_walk walk = {.visit = visit,
		.problem = problem,
		.context = &s,
		.limits = {.bytes = DOCUMENT_MAX, .entries = DOCUMENTS_MAX}};
	enum tu_status status = s.parser ? tu_input_each(path, &walk, err) : tu_no_memory(err);

	tu_json_parser_free(s.parser);
	if (status != TU_OK)
		return status;
	if (!s.pack.count)
		return refuse(&s, tu_str_c(path), err);
	s.pack.record.licence = s.licence.len ? s.licence : tu_str_c(tu_concept_emb3d_terms);
	*out_pack = s.pack;
	return TU_OK;
}

/* ---- of a device folder ---- */

static bool is_document(struct tu_str path)
{
	return tu_str_ends(path, TU_STR(".json"));
}

bool tu_concept_pack_is_file(struct tu_str path)
{
	struct tu_str name = path;

	return tu_str_skip(&name, TU_STR("questions/")) && name.len && name.ptr[0] != '.' &&
		tu_str_find(name, '/') == name.len && (is_document(name) || is_licence(name));
}

static enum tu_status read_document(
	struct search *s, const struct tu_concept_text *text, struct tu_error *err)
{
	enum tu_status status = visit(s, text->file, text->text, err);

	/* it must be one, but one after the first is not asked */
	if (status == TU_OK && !s->pack.count && is_document(text->file))
		return refuse(s, text->file, err);
	return status;
}

enum tu_status tu_concept_pack_of(struct tu_arena *arena, const struct tu_concept_text *texts,
	size_t count, struct tu_concept_pack *out, struct tu_error *err)
{
	struct search s = {.arena = arena, .parser = tu_json_parser_new()};
	enum tu_status status = s.parser ? TU_OK : tu_no_memory(err);

	for (size_t i = 0; status == TU_OK && i < count; i++)
		status = read_document(&s, &texts[i], err);
	tu_json_parser_free(s.parser);
	if (status != TU_OK)
		return status;
	if (s.pack.count)
		s.pack.record.licence =
			s.licence.len ? s.licence : tu_str_c(tu_concept_emb3d_terms);
	*out = s.pack;
	return TU_OK;
}

/* "FOLDER/NAME", NUL-terminated. */
static const char *join(struct tu_arena *arena, const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = tu_arena_text(arena, size);

	if (path)
		(void)snprintf(path, size, "%s/%s", folder, name);
	return path;
}

static int compare_paths(const void *a, const void *b)
{
	return tu_str_cmp(*(const struct tu_str *)a, *(const struct tu_str *)b);
}

enum tu_status tu_concept_pack_files(struct tu_arena *arena, const char *folder,
	struct tu_texts *out_paths, struct tu_error *err)
{
	TU_VEC(struct tu_str) paths = {0};
	const char *path = join(arena, folder, FOLDER);
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *entry;
	bool fine = path != NULL;

	*out_paths = (struct tu_texts){0};
	if (path && !dir && errno != ENOENT && errno != ENOTDIR)
		return tu_fail(err, TU_E_IO, 0, "%s: %s", path, strerror(errno));
	while (fine && dir && (entry = readdir(dir))) {
		const char *name = join(arena, FOLDER, entry->d_name);

		fine = name != NULL;
		if (name && tu_concept_pack_is_file(tu_str_c(name)))
			fine = TU_VEC_PUSH_IN(arena, &paths, tu_str_c(name));
	}
	if (dir)
		closedir(dir);
	if (!fine)
		return tu_no_memory(err);
	if (paths.count > FILES_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "%s: more than %d files", path, FILES_MAX);
	if (paths.count)
		qsort(paths.at, paths.count, sizeof(*paths.at), compare_paths);
	*out_paths = (struct tu_texts){paths.at, paths.count};
	return TU_OK;
}

static enum tu_status read_beside(struct tu_arena *arena, const char *folder, struct tu_str name,
	struct tu_concept_text *out, struct tu_error *err)
{
	const char *path = join(arena, folder, name.ptr);
	struct tu_buf text;
	enum tu_status status = path ? tu_input_check_file(path, err) : tu_no_memory(err);

	if (status != TU_OK)
		return status;
	tu_buf_init(&text, DOCUMENT_MAX);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK && !tu_arena_dup(arena, tu_buf_str(&text), &out->text))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	out->file = tu_str_c(path);
	return status;
}

enum tu_status tu_concept_pack_beside(struct tu_arena *arena, const char *folder,
	struct tu_concept_pack *out_pack, struct tu_error *err)
{
	struct tu_concept_text *texts;
	struct tu_texts paths;
	enum tu_status status = tu_concept_pack_files(arena, folder, &paths, err);

	*out_pack = (struct tu_concept_pack){0};
	if (status != TU_OK || !paths.count)
		return status;
	texts = tu_arena_array(arena, paths.count, sizeof(*texts));
	status = texts ? TU_OK : tu_no_memory(err);
	for (size_t i = 0; status == TU_OK && i < paths.count; i++)
		status = read_beside(arena, folder, paths.at[i], &texts[i], err);
	return status ? status : tu_concept_pack_of(arena, texts, paths.count, out_pack, err);
}
