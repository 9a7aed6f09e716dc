/* tutela kb info: what a knowledge base holds, from whom, and how old it is. */
#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/time.h"
#include "cli/environment.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "show/paint.h"
#include "show/describe.h"
#include "show/json_parts.h"
#include "app/kb_file.h"
#include "cli/options.h"
#include "app/output.h"

static const char name[] = "kb info";

static struct tu_str source_label(const struct tu_kb_source *source)
{
	return source->database.len ? source->database : TU_STR("");
}

/* ---- text ---- */

static void add_date(struct tu_buf *out, int64_t date, int64_t now)
{
	if (date == 0) {
		tu_buf_c(out, "no date stated");
		return;
	}
	tu_time_write_date(date, out);
	tu_buf_c(out, ", ");
	tu_describe_age(date, now, out);
}

static void write_sources(const struct tu_kb *kb, uint32_t count, int64_t now, struct tu_buf *out)
{
	tu_buf_printf(out, "\n%-12s %-24s %10s  %s\n", "source", "database", "records", "newest");
	for (uint32_t i = 0; i < count; i++) {
		struct tu_kb_source source = tu_kb_source(kb, i);

		tu_buf_printf(out, "%-12s %-24.*s %10u  ", tu_source_name(source.source),
			TU_STR_FMT(source_label(&source)), source.records);
		add_date(out, source.newest, now);
		tu_buf_c(out, "\n");
	}
}

static void write_account(const struct tu_sidecar_source *source, int64_t now, struct tu_buf *out)
{
	struct tu_paint paint = {.out = out};

	tu_paint_cell(&paint, TU_HUE_PLAIN, source->name, 15, false);
	tu_describe_freshness(source, now, out);
	tu_buf_printf(out, " %10llu  ", (unsigned long long)source->records);
	if (source->last_success)
		tu_time_write(source->last_success, out);
	else
		tu_buf_c(out, "never");
	tu_buf_c(out, source->last_error.len ? "  " : "");
	tu_paint(&paint, TU_HUE_PLAIN, source->last_error);
	tu_buf_c(out, "\n");
}

static void write_freshness(const struct tu_kb_file *file, int64_t now, struct tu_buf *out)
{
	if (!file->sidecar || file->sidecar->source_count == 0) {
		tu_buf_printf(out,
			"\nNothing says when its sources were last fetched%s%s; \"tutela kb "
			"sync\" makes a knowledge base that does.\n",
			file->sidecar_problem.message[0] ? ": " : "",
			file->sidecar_problem.message);
		return;
	}
	tu_buf_printf(out, "\n%-14s %-15s %-16s %10s  %s\n", "fetched from", "status", "age",
		"records", "last success");
	for (size_t i = 0; i < file->sidecar->source_count; i++)
		write_account(&file->sidecar->sources[i], now, out);
}

/* How far the data reach, before the newest record of any source. */
static void add_reach(const struct tu_kb *kb, int64_t now, struct tu_buf *out)
{
	struct tu_kb_source oldest;

	if (!tu_kb_oldest_source(kb, &oldest))
		return;
	tu_buf_c(out, "oldest source   ");
	tu_buf_str_add(out,
		oldest.database.len ? oldest.database : tu_str_c(tu_source_name(oldest.source)));
	tu_buf_c(out, ", newest record ");
	add_date(out, oldest.newest, now);
	tu_buf_byte(out, '\n');
}

static void write_text(const struct tu_kb_file *file, int64_t now, struct tu_buf *out)
{
	struct tu_kb_info info;

	tu_kb_info(file->kb, &info);
	tu_buf_printf(out, "knowledge base  %s (%s)\n",
		file->starter ? "built-in starter" : file->path.ptr, file->chosen_by);
	tu_buf_printf(
		out, "size            %.1f MB, format %u\n", (double)info.bytes / 1e6, info.format);
	tu_buf_c(out, "sha256          ");
	tu_sha256_write(info.sha256, out);
	tu_buf_c(out, " (verified)\n");
	add_reach(file->kb, now, out);
	tu_buf_c(out, "newest record   ");
	add_date(out, info.newest, now);
	tu_buf_printf(out,
		"\ncontains        %u vulnerabilities in %u records; %u packages, %u products, %u "
		"affected entries; %u names; ends of support of %u releases\n",
		info.vulnerabilities, info.advisories, info.packages, info.products, info.entries,
		info.aliases, info.lifecycles);
	write_sources(file->kb, info.sources, now, out);
	write_freshness(file, now, out);
}

/* ---- JSON ---- */

static void write_json(const struct tu_kb_file *file, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, true);
	struct tu_kb_info info;

	tu_kb_info(file->kb, &info);
	tu_json_open_object(&json);
	tu_json_knowledge_base(
		&json, &info, tu_str_c(file->starter ? "" : file->path.ptr), file->sidecar);
	tu_json_member_int(&json, "bytes", (int64_t)info.bytes);
	tu_json_member_int(&json, "packages", info.packages);
	tu_json_member_int(&json, "products", info.products);
	tu_json_member_int(&json, "entries", info.entries);
	tu_json_member_int(&json, "lifecycles", info.lifecycles);
	tu_json_key(&json, "sources");
	tu_json_open_array(&json);
	for (uint32_t i = 0; i < info.sources; i++) {
		struct tu_kb_source source = tu_kb_source(file->kb, i);

		tu_json_open_object(&json);
		tu_json_member_str(&json, "source", tu_str_c(tu_source_name(source.source)));
		tu_json_member_opt(&json, "database", source.database);
		tu_json_member_int(&json, "records", source.records);
		tu_json_date(&json, "newest", source.newest);
		tu_json_close_object(&json);
	}
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_buf_c(out, "\n");
}

/* ---- the command ---- */

struct request {
	const char *kb;
	const char *at;
	const char *format;
};

static int run_info(int argc, char **argv)
{
	struct request request = {0};
	struct tu_kb_file file;
	struct tu_output output;
	struct tu_error err = {0};
	int64_t now;

	if (!tu_options_take(&tu_cmd_kb_info, &argc, argv, &request) ||
		!tu_context_time(name, "at", request.at, &now))
		return TU_EXIT_USAGE;
	if (argc > 2 || (argc == 2 && request.kb))
		return tu_command_misused(name, "expected at most one knowledge base");
	if (tu_kb_file_open(tu_context(), argc == 2 ? argv[1] : request.kb, TU_KB_VERIFY_ALWAYS,
		    &file, &err) ||
		tu_output_open(&output, NULL, &err))
		return tu_command_failed(name, &err);
	if (tu_options_json(request.format))
		write_json(&file, &output.sink.buf);
	else
		write_text(&file, now, &output.sink.buf);
	tu_kb_file_close(&file);
	return tu_output_close(&output, &err) ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	TU_OPTION_KB(struct request, kb),
	TU_OPTION_AT(struct request, at),
	TU_OPTION_TEXT_OR_JSON(struct request, format),
};

const struct tu_command tu_cmd_kb_info = {
	.name = "kb info",
	.summary = "Verify a knowledge base and print its contents, sources and age",
	.usage = {"[FILE] [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_info,
};
