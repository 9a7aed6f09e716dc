#include "feed/sidecar.h"

#include "base/json.h"
#include "base/json_writer.h"
#include "feed/instant.h"

enum { SIDECAR_VERSION = 1, DAY = 86400 };

/* ---- judging ---- */

static const struct {
	const char *name;
	bool stale;
	bool failed;
} kinds[] = {
	[TU_FRESH_UNKNOWN] = {"clock?", true, false},
	[TU_FRESH] = {"fresh", false, false},
	[TU_FRESH_STALE] = {"stale", true, false},
	[TU_FRESH_FAILED] = {"failed", false, true},
	[TU_FRESH_FAILED_STALE] = {"failed, stale", true, true},
	[TU_FRESH_NEVER] = {"never fetched", true, true},
};

enum tu_freshness tu_sidecar_judge(const struct tu_sidecar_source *source, int64_t now)
{
	bool failed = source->last_error.len > 0;

	if (source->last_success == 0)
		return TU_FRESH_NEVER;
	if (now < TU_CLOCK_EARLIEST || source->last_success > now + DAY)
		return TU_FRESH_UNKNOWN;
	if (now - source->last_success > (int64_t)source->max_age)
		return failed ? TU_FRESH_FAILED_STALE : TU_FRESH_STALE;
	return failed ? TU_FRESH_FAILED : TU_FRESH;
}

bool tu_freshness_is_stale(enum tu_freshness freshness)
{
	return kinds[freshness].stale;
}

bool tu_freshness_is_failed(enum tu_freshness freshness)
{
	return kinds[freshness].failed;
}

const char *tu_freshness_name(enum tu_freshness freshness)
{
	return kinds[freshness].name;
}

/* ---- reading ---- */

static enum tu_status read_source(struct tu_arena *arena, struct tu_json value,
	struct tu_sidecar_source *out, struct tu_error *err)
{
	uint64_t age;

	if (!tu_arena_dup(arena, TU_JSON_STR(value, "name"), &out->name) ||
		!tu_arena_dup(arena, TU_JSON_STR(value, "gives"), &out->gives) ||
		!tu_arena_dup(arena, TU_JSON_STR(value, "last_error"), &out->last_error))
		return tu_no_memory(err);
	if (out->name.len == 0 ||
		!feed_read_instant(
			tu_json_get(value, TU_STR("last_success")), &out->last_success) ||
		!feed_read_instant(
			tu_json_get(value, TU_STR("last_attempt")), &out->last_attempt) ||
		!tu_json_u64(tu_json_get(value, TU_STR("max_age")), UINT32_MAX, &age) ||
		!tu_json_u64(tu_json_get(value, TU_STR("records")), INT64_MAX, &out->records) ||
		!tu_json_u64(tu_json_get(value, TU_STR("bytes")), INT64_MAX, &out->bytes))
		return tu_json_fail(err, TU_E_SYNTAX, value, "not the account of a source");
	out->max_age = (uint32_t)age;
	return TU_OK;
}

static enum tu_status read_root(
	struct tu_arena *arena, struct tu_json root, struct tu_sidecar *out, struct tu_error *err)
{
	struct tu_json list = tu_json_get(root, TU_STR("sources"));
	size_t count = tu_json_count(list);
	struct tu_sidecar_source *sources;
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json value;
	enum tu_status status = TU_OK;
	uint64_t version;

	if (!tu_str_eq(TU_JSON_STR(root, "format"), TU_STR("tutela-kb-sources")) ||
		!tu_json_u64(tu_json_get(root, TU_STR("format_version")), 1000, &version))
		return tu_json_fail(err, TU_E_SYNTAX, root, "not an account of sources");
	if (version != SIDECAR_VERSION)
		return tu_json_fail(err, TU_E_UNSUPPORTED, root, "an account of another version");
	if (!tu_json_is_array(list) || count > TU_SIDECAR_SOURCES_MAX)
		return tu_json_fail(err, TU_E_LIMIT, root, "no list of at most %d sources",
			TU_SIDECAR_SOURCES_MAX);
	if (!feed_read_instant(tu_json_get(root, TU_STR("built")), &out->built))
		return tu_json_fail(err, TU_E_SYNTAX, root, "not a date");
	sources = tu_arena_array(arena, count, sizeof(*sources));
	if (!sources ||
		!tu_arena_dup(arena, TU_JSON_STR(root, "knowledge_base_sha256"), &out->kb_sha256))
		return tu_no_memory(err);
	while (status == TU_OK && tu_json_next_item(&iter, &value))
		status = read_source(arena, value, &sources[out->source_count++], err);
	out->sources = sources;
	return status;
}

enum tu_status tu_sidecar_read(struct tu_arena *arena, struct tu_str text,
	const struct tu_sidecar **out_sidecar, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = TU_SIDECAR_BYTES_MAX, .depth = 8, .unique_keys = true, .padded = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_sidecar *sidecar = tu_arena_alloc(arena, sizeof(*sidecar));
	struct tu_json root;
	enum tu_status status;

	if (!parser || !sidecar) {
		tu_json_parser_free(parser);
		return tu_no_memory(err);
	}
	status = tu_json_parse(parser, text, &limits, &root, err);
	if (status == TU_OK)
		status = read_root(arena, root, sidecar, err);
	if (status == TU_OK)
		*out_sidecar = sidecar;
	tu_json_parser_free(parser);
	return status;
}

/* ---- writing ---- */

static void write_source(struct tu_json_writer *json, const struct tu_sidecar_source *source)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "name", source->name);
	tu_json_member_opt(json, "gives", source->gives);
	feed_write_instant(json, "last_success", source->last_success);
	feed_write_instant(json, "last_attempt", source->last_attempt);
	tu_json_member_opt(json, "last_error", source->last_error);
	tu_json_member_int(json, "max_age", source->max_age);
	tu_json_member_int(json, "records", (int64_t)source->records);
	tu_json_member_int(json, "bytes", (int64_t)source->bytes);
	tu_json_close_object(json);
}

void tu_sidecar_write(const struct tu_sidecar *sidecar, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, true);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-kb-sources"));
	tu_json_member_int(&json, "format_version", SIDECAR_VERSION);
	tu_json_member_str(&json, "knowledge_base_sha256", sidecar->kb_sha256);
	feed_write_instant(&json, "built", sidecar->built);
	tu_json_key(&json, "sources");
	tu_json_open_array(&json);
	for (size_t i = 0; i < sidecar->source_count; i++)
		write_source(&json, &sidecar->sources[i]);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_buf_c(out, "\n");
}
