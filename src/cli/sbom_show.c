/* tutela sbom show: what an SBOM says of itself, and its components as a tree. */
#include <string.h>

#include <tutela/sbom_above.h>

#include "base/json_writer.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "show/json_parts.h"
#include "cli/options.h"
#include "cli/sbom_cmd.h"
#include "show/sbom_text.h"
#include "cli/sbom_paths.h"
#include "sbom/nothing.h"
#include "sbom/forest.h"

static const char name[] = "sbom";

enum {
	FORMAT_VERSION = 1,
	TEXT_CEILING = 1 << 20,
	RULED = 40 /* levels that are drawn; below that the depth is a number */
};

struct show {
	struct tu_sbom_answer answer;
	struct tu_sbom_source source;
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	struct tu_sbom_forest forest;
	const char *depth_text;
	const char *path_of; /* print the paths to this component only */
	size_t depth;
	size_t cycles;
	size_t cut;
	struct tu_json_writer json;
};

/* ---- table ---- */

static void add_list(struct show *s, const char *label, const struct tu_str *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tu_sbom_text_line(&s->answer.paint, i ? "" : label, texts[i]);
}

static void add_authors(struct show *s)
{
	struct tu_buf words;

	tu_buf_init(&words, TEXT_CEILING);
	for (size_t i = 0; i < s->inventory->author_count; i++) {
		tu_buf_clear(&words);
		tu_party_words(&s->inventory->authors[i], &words);
		tu_sbom_text_line(&s->answer.paint, i ? "" : "authors", tu_buf_str(&words));
	}
	tu_buf_done(&words);
}

static void add_heading(struct show *s)
{
	const struct tu_inventory *inventory = s->inventory;
	struct tu_buf title;

	tu_buf_init(&title, TEXT_CEILING);
	tu_sbom_file_title(inventory, &title);
	tu_paint(&s->answer.paint, TU_HUE_BOLD,
		title.len ? tu_buf_str(&title) : tu_str_c(tu_sbom_source_name(&s->source)));
	tu_buf_byte(s->answer.paint.out, '\n');
	tu_buf_clear(&title);
	tu_buf_printf(&title, "%s %.*s", tu_sbom_format_name(inventory->format),
		TU_STR_FMT(inventory->spec_version));
	tu_sbom_text_line(&s->answer.paint, "format", tu_buf_str(&title));
	tu_buf_done(&title);
	tu_sbom_text_line(&s->answer.paint, "serial", inventory->serial);
	tu_sbom_text_line(&s->answer.paint, "created", inventory->created);
	tu_sbom_text_line(&s->answer.paint, "phase", inventory->phase);
	add_authors(s);
	add_list(s, "tools", inventory->tools, inventory->tool_count);
}

/* What can be counted of components. */
static bool has_purl(const struct tu_component *c)
{
	return c->purl.len > 0;
}

static bool has_cpe(const struct tu_component *c)
{
	return c->cpe_count > 0;
}

static bool has_version(const struct tu_component *c)
{
	return c->version.len > 0;
}

static bool has_supplier(const struct tu_component *c)
{
	return c->supplier.len > 0;
}

static bool has_licence(const struct tu_component *c)
{
	return tu_sbom__states_licence(c);
}

static bool has_hash(const struct tu_component *c)
{
	return c->hash_count > 0;
}

static const struct {
	const char *key;
	const char *words;
	bool (*holds)(const struct tu_component *c);
} counts[] = {
	{"with_version", "a version", has_version},
	{"with_purl", "a purl", has_purl},
	{"with_cpe", "a CPE", has_cpe},
	{"with_supplier", "a supplier", has_supplier},
	{"with_licence", "a licence", has_licence},
	{"with_hash", "a hash", has_hash},
};

static size_t count_if(
	const struct tu_inventory *inventory, bool (*holds)(const struct tu_component *c))
{
	size_t count = 0;

	for (size_t i = 0; i < inventory->component_count; i++)
		count += holds(&inventory->components[i]);
	return count;
}

static void add_counts(struct show *s)
{
	struct tu_buf words;

	tu_buf_init(&words, TEXT_CEILING);
	tu_buf_printf(&words, "%zu; with", s->inventory->component_count);
	for (size_t i = 0; i < TU_COUNT(counts); i++)
		tu_buf_printf(&words, "%s %s %zu", i ? "," : "", counts[i].words,
			count_if(s->inventory, counts[i].holds));
	tu_sbom_text_line(&s->answer.paint, "components", tu_buf_str(&words));
	tu_buf_clear(&words);
	tu_buf_printf(&words, "%zu relationship%s, %zu statement%s on vulnerabilities",
		s->inventory->relationship_count, s->inventory->relationship_count == 1 ? "" : "s",
		s->inventory->claim_count, s->inventory->claim_count == 1 ? "" : "s");
	tu_sbom_text_line(&s->answer.paint, "and", tu_buf_str(&words));
	tu_buf_done(&words);
}

static void add_rules(struct show *s, const struct tu_sbom_forest_step *step)
{
	struct tu_buf *out = s->answer.paint.out;

	if (step->depth > RULED) {
		tu_buf_printf(out, "[level %zu] ", step->depth);
		return;
	}
	for (size_t i = 1; i < step->depth; i++)
		tu_buf_c(out, step->more[i] ? "\xe2\x94\x82  " : "   ");
	if (step->depth)
		tu_buf_c(out,
			step->more[step->depth] ? "\xe2\x94\x9c\xe2\x94\x80 "
						: "\xe2\x94\x94\xe2\x94\x80 ");
}

static void add_component(void *context, const struct tu_sbom_forest_step *step)
{
	static const char *const words[] = {[TU_FOREST_FIRST] = "",
		[TU_FOREST_AGAIN] = "  (what is below it: see above)",
		[TU_FOREST_CYCLE] = "  (a cycle: it stands above itself)",
		[TU_FOREST_CUT] = "  (more below)"};
	struct show *s = context;
	const struct tu_component *c = &s->inventory->components[step->component];
	const char *kind = tu_component_kind_name(c->kind);

	s->cycles += step->how == TU_FOREST_CYCLE;
	s->cut += step->how == TU_FOREST_CUT;
	add_rules(s, step);
	tu_sbom_text_component(&s->answer.paint, TU_HUE_BOLD, c);
	if (kind[0])
		tu_buf_printf(s->answer.paint.out, "  %s", kind);
	if (c->name.len && c->purl.len) {
		tu_buf_c(s->answer.paint.out, "  ");
		tu_paint(&s->answer.paint, TU_HUE_DIM, c->purl);
	}
	tu_paint_c(&s->answer.paint, TU_HUE_YELLOW, words[step->how]);
	tu_buf_byte(s->answer.paint.out, '\n');
	tu_sink_spill(&s->answer.out.sink);
}

static enum tu_status write_table(struct show *s, struct tu_error *err)
{
	struct tu_buf *out = s->answer.paint.out;
	enum tu_status status;

	add_heading(s);
	add_counts(s);
	tu_buf_byte(out, '\n');
	status = tu_sbom_forest_walk(s->arena, &s->forest, s->depth, add_component, s, err);
	if (s->inventory->component_count == 0)
		tu_buf_c(out, "no components\n");
	if (s->cycles)
		tu_buf_printf(out, "\n%zu cycles were cut\n", s->cycles);
	if (s->cut)
		tu_buf_printf(out, "\n%zu components have more below them than --depth %zu shows\n",
			s->cut, s->depth);
	tu_sbom_text_notes(&s->answer.paint, &s->answer.out.sink, s->inventory, "the SBOM");
	return status;
}

/* ---- JSON ---- */

static void add_licences(struct tu_json_writer *json, const struct tu_component *c)
{
	if (!c->licence_count)
		return;
	tu_json_key(json, "licences");
	tu_json_open_array(json);
	for (size_t i = 0; i < c->licence_count; i++)
		tu_json_add_str(json, c->licences[i].text);
	tu_json_close_array(json);
}

static void add_json_authors(struct tu_json_writer *json, const struct tu_inventory *inventory)
{
	struct tu_buf words;

	if (!inventory->author_count)
		return;
	tu_buf_init(&words, TEXT_CEILING);
	tu_json_key(json, "authors");
	tu_json_open_array(json);
	for (size_t i = 0; i < inventory->author_count; i++) {
		tu_buf_clear(&words);
		tu_party_words(&inventory->authors[i], &words);
		tu_json_add_str(json, tu_buf_str(&words));
	}
	tu_json_close_array(json);
	tu_buf_done(&words);
}

static void add_hashes(struct tu_json_writer *json, const struct tu_component *c)
{
	if (c->hash_count == 0)
		return;
	tu_json_key(json, "hashes");
	tu_json_open_array(json);
	for (size_t i = 0; i < c->hash_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "algorithm", c->hashes[i].algorithm);
		tu_json_member_str(json, "value", c->hashes[i].value);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void add_json_component(struct show *s, uint32_t index)
{
	const struct tu_component *c = &s->inventory->components[index];
	struct tu_json_writer *json = &s->json;

	tu_json_open_object(json);
	tu_json_member_opt(json, "ref", c->ref);
	tu_json_member_opt(json, "kind", tu_str_c(tu_component_kind_name(c->kind)));
	tu_json_member_opt(json, "group", c->group);
	tu_json_member_str(json, "name", c->name);
	tu_json_member_opt(json, "version", c->version);
	tu_json_member_opt(json, "supplier", c->supplier);
	tu_json_member_opt(json, "purl", c->purl);
	tu_json_texts(json, "cpes", c->cpes, c->cpe_count);
	add_licences(json, c);
	add_hashes(json, c);
	if (s->forest.starts[index] < s->forest.starts[index + 1]) {
		tu_json_key(json, "below");
		tu_json_open_array(json);
		for (uint32_t i = s->forest.starts[index]; i < s->forest.starts[index + 1]; i++)
			tu_json_add_int(json, s->forest.children[i]);
		tu_json_close_array(json);
	}
	tu_json_close_object(json);
	tu_sink_spill(&s->answer.out.sink);
}

static void count_cycle(void *context, const struct tu_sbom_forest_step *step)
{
	struct show *s = context;

	s->cycles += step->how == TU_FOREST_CYCLE;
}

static enum tu_status write_json(struct show *s, struct tu_error *err)
{
	const struct tu_inventory *inventory = s->inventory;
	struct tu_json_writer *json = &s->json;
	enum tu_status status =
		tu_sbom_forest_walk(s->arena, &s->forest, SIZE_MAX, count_cycle, s, err);

	*json = tu_json_writer(s->answer.paint.out, true);
	tu_json_open_object(json);
	tu_json_member_str(json, "format", TU_STR("tutela-sbom"));
	tu_json_member_int(json, "format_version", FORMAT_VERSION);
	tu_json_tool(json);
	tu_json_sbom(json, inventory, tu_str_c(tu_sbom_source_name(&s->source)));
	tu_json_member_opt(json, "phase", inventory->phase);
	add_json_authors(json, inventory);
	tu_json_texts(json, "tools", inventory->tools, inventory->tool_count);
	if (inventory->subject != TU_NO_COMPONENT)
		tu_json_member_int(json, "subject", inventory->subject);
	tu_json_key(json, "summary");
	tu_json_open_object(json);
	tu_json_member_int(json, "components", (int64_t)inventory->component_count);
	for (size_t i = 0; i < TU_COUNT(counts); i++)
		tu_json_member_int(
			json, counts[i].key, (int64_t)count_if(inventory, counts[i].holds));
	tu_json_member_int(json, "relationships", (int64_t)inventory->relationship_count);
	tu_json_member_int(json, "statements", (int64_t)inventory->claim_count);
	tu_json_member_int(json, "cycles", (int64_t)s->cycles);
	tu_json_close_object(json);
	tu_json_key(json, "roots");
	tu_json_open_array(json);
	for (size_t i = 0; i < s->forest.root_count; i++)
		tu_json_add_int(json, s->forest.roots[i]);
	tu_json_close_array(json);
	tu_json_key(json, "components");
	tu_json_open_array(json);
	for (uint32_t i = 0; i < inventory->component_count; i++)
		add_json_component(s, i);
	tu_json_close_array(json);
	tu_json_notes(json, inventory);
	tu_json_close_object(json);
	tu_buf_byte(s->answer.paint.out, '\n');
	return status;
}

/* ---- the command ---- */

static bool read_request(int argc, char **argv, struct show *s)
{
	uint64_t number;

	s->depth = SIZE_MAX;
	if (!tu_options_take(&tu_cmd_sbom_show, &argc, argv, s))
		return false;
	tu_sbom_answer_read(&s->answer);
	if (s->depth_text && !tu_str_to_u64(tu_str_c(s->depth_text), UINT32_MAX, &number)) {
		tu_command_misused(
			name, "--depth must be a number of levels, not \"%s\"", s->depth_text);
		return false;
	}
	if (s->depth_text)
		s->depth = (size_t)number;
	if (s->path_of && s->answer.json) {
		tu_command_misused(name, "--path prints lines, not JSON");
		return false;
	}
	return tu_sbom_source_take(name, argc, argv, &s->source);
}

static int show_paths(struct show *s, struct tu_error *err)
{
	size_t found = 0;

	tu_sbom_paths_print(&s->answer, s->inventory, tu_str_c(s->path_of), &found);
	if (found)
		return tu_sbom_answer_close(&s->answer, TU_EXIT_OK);
	tu_output_abandon(&s->answer.out);
	(void)tu_fail(err, TU_E_NOTFOUND, 0, "%s has no component named \"%s\"",
		tu_sbom_source_name(&s->source), s->path_of);
	return tu_command_failed(name, err);
}

static int run(struct show *s)
{
	struct tu_error err = {0};
	enum tu_status status = tu_sbom_source_read(s->arena, &s->source, &s->inventory, &err);

	if (!status && s->path_of)
		status = tu_sbom_find_above(s->arena, s->inventory, &s->inventory, &err);
	if (!status)
		status = tu_sbom_forest_build(s->arena, s->inventory, &s->forest, &err);
	if (!status)
		status = tu_sbom_answer_open(&s->answer, &err);
	if (status)
		return tu_command_failed(name, &err);
	if (s->path_of)
		return show_paths(s, &err);
	status = s->answer.json ? write_json(s, &err) : write_table(s, &err);
	if (!status)
		return tu_sbom_answer_close(&s->answer, TU_EXIT_OK);
	tu_output_abandon(&s->answer.out);
	return tu_command_failed(name, &err);
}

static int run_show(int argc, char **argv)
{
	struct show s = {.depth = 0};
	int code;

	if (!read_request(argc, argv, &s))
		return TU_EXIT_USAGE;
	s.arena = tu_arena_new(TU_SBOM_MEMORY_MAX);
	code = s.arena ? run(&s) : tu_command_no_memory(name);
	tu_arena_free(s.arena);
	return code;
}

static const struct tu_option options[] = {
	{"depth", 0, "N", "Show at most N levels of the tree", TU_TEXT(struct show, depth_text)},
	{"path", 0, "NAME",
		"Print only the paths to the components with this name, purl or reference",
		TU_TEXT(struct show, path_of)},
	TU_OPTION_ROOTFS(struct show, source.rootfs),
	TU_OPTION_SUPPLEMENT(struct show, source.supplement),
	TU_SBOM_ANSWER_OPTIONS(struct show),
};

const struct tu_command tu_cmd_sbom_show = {
	.name = "sbom show",
	.summary = "Print what an SBOM says of itself, and its components as a tree",
	.usage = {"SBOM [OPTION...]", "--rootfs DIR [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_show,
};
