#include "kb/build.h"

#include "base/input.h"

enum { STRANGE_MAX = 64 * 1024 };

static void take_problem(void *context, struct tu_str where, struct tu_str what)
{
	struct tu_kb_build *b = context;

	b->problems++;
	if (b->hooks.problem)
		b->hooks.problem(b->hooks.self, b->document, where, what);
}

static void take_broken(void *context, struct tu_str document, const struct tu_error *problem)
{
	struct tu_kb_build *b = context;

	b->broken++;
	if (b->hooks.broken)
		b->hooks.broken(b->hooks.self, document, problem);
}

static enum tu_status take_advisory(
	void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	struct tu_kb_build *b = context;
	enum tu_status status = tu_kb_builder_add(b->builder, advisory, err);

	b->builder_failed |= status != TU_OK;
	return status;
}

static enum tu_status take_lifecycle(
	void *context, const struct tu_support_cycle *lifecycle, struct tu_error *err)
{
	struct tu_kb_build *b = context;
	enum tu_status status = tu_kb_builder_lifecycle(b->builder, lifecycle, err);

	b->builder_failed |= status != TU_OK;
	return status;
}

enum tu_status tu_kb__build_names(
	struct tu_kb_build *b, struct tu_str document, struct tu_str text, struct tu_error *err)
{
	size_t before = b->aliases.problems;
	enum tu_status status = tu_kb_aliases_read(b->builder, document, text, &b->aliases, err);

	b->document = document;
	if (status == TU_OK && b->aliases.problems > before)
		take_problem(b, document, tu_str_c(b->aliases.first.message));
	return status;
}

/* A folder or an archive may contain other files as well; a file that was asked for by name may not
 * be left out unsaid. */
static bool is_stray(
	const struct tu_kb_build *b, struct tu_str document, const struct tu_error *own)
{
	return own->status == TU_E_UNSUPPORTED && !tu_str_eq(document, b->input);
}

/* Only what the builder cannot take ends the build: a bad document is counted. */
static enum tu_status take_failure(
	struct tu_kb_build *b, struct tu_str document, struct tu_error *own, struct tu_error *err)
{
	char text[TU_ERROR_TEXT_MAX];

	if (b->builder_failed || own->status == TU_E_NOMEM) {
		if (err)
			*err = *own;
		return own->status;
	}
	if (!is_stray(b, document, own)) {
		take_broken(b, document, own);
	} else if (b->strange++ == 0) {
		(void)tu_error_in_file(own, "%.*s", TU_STR_FMT(document));
		tu_buf_c(&b->first_strange, tu_error_text(own, text, sizeof(text)));
	}
	return TU_OK;
}

static void count_form(struct tu_kb_build *b, const struct tu_feed_summary *summary)
{
	struct tu_kb_tally *tally = &b->forms[summary->form];

	tally->documents++;
	tally->records += summary->records;
	tally->skipped += summary->skipped;
	tally->problems += summary->problems;
}

static struct tu_advisory_sink sink_of(struct tu_kb_build *b)
{
	return (struct tu_advisory_sink){.advisory = take_advisory,
		.problem = take_problem,
		.context = b,
		.lifecycle = take_lifecycle};
}

static enum tu_status read_feed(
	struct tu_kb_build *b, struct tu_str document, struct tu_str text, struct tu_error *err)
{
	const struct tu_advisory_sink sink = sink_of(b);
	struct tu_feed_summary summary = {0};
	struct tu_error own = {0};
	enum tu_status status = tu_advisory_read(b->reader, document, text, &sink, &summary, &own);

	count_form(b, &summary);
	return status == TU_OK ? TU_OK : take_failure(b, document, &own, err);
}

static enum tu_status begin_document(
	struct tu_kb_build *b, struct tu_str document, struct tu_error *err)
{
	b->document = document;
	b->documents++;
	if (b->hooks.document && !b->hooks.document(b->hooks.self, b))
		return tu_fail(err, TU_E_CANCELLED, 0, "stopped");
	return TU_OK;
}

static enum tu_status visit_piece(
	void *context, const struct tu_input_piece *piece, struct tu_error *err)
{
	struct tu_kb_build *b = context;
	const struct tu_advisory_sink sink = sink_of(b);
	struct tu_error own = {0};
	enum tu_status status = TU_OK;

	b->bytes += piece->text.len;
	if (piece->first) {
		b->lines = (struct tu_advisory_lines){0};
		b->given_up = false;
		status = begin_document(b, piece->name, err);
	}
	if (status || b->given_up)
		return status;
	b->lines.sink = &sink;
	status = tu_advisory__read_piece(b->reader, &b->lines, piece->text, piece->last, &own);
	b->given_up = status != TU_OK;
	if (piece->last || b->given_up)
		count_form(b, &b->lines.summary);
	return status == TU_OK ? TU_OK : take_failure(b, piece->name, &own, err);
}

static enum tu_status visit(
	void *context, struct tu_str document, struct tu_str text, struct tu_error *err)
{
	struct tu_kb_build *b = context;

	enum tu_status status;

	b->bytes += text.len;
	status = begin_document(b, document, err);
	if (status)
		return status;
	if (tu_kb_is_aliases(text))
		return tu_kb__build_names(b, document, text, err);
	return read_feed(b, document, text, err);
}

enum tu_status tu_kb__build_init(
	struct tu_kb_build *b, const struct tu_kb_build_hooks *hooks, struct tu_error *err)
{
	*b = (struct tu_kb_build){.hooks = *hooks,
		.builder = tu_kb_builder_new(),
		.reader = tu_advisory_reader_new()};
	tu_buf_init(&b->first_strange, STRANGE_MAX);
	return b->builder && b->reader ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_kb__build_input(struct tu_kb_build *b, const char *path, struct tu_error *err)
{
	const struct tu_input_walk walk = {.visit = visit,
		.in_lines = tu_advisory__in_lines,
		.piece = visit_piece,
		.problem = take_broken,
		.context = b,
		.limits.total = b->unpacked_max,
		.unpacked = &b->unpacked};

	b->input = tu_str_c(path);
	return tu_input_each(path, &walk, err);
}

size_t tu_kb__build_records(const struct tu_kb_build *b)
{
	size_t records = 0;

	for (size_t i = 0; i < TU_COUNT(b->forms); i++)
		records += b->forms[i].records;
	return records;
}

enum tu_status tu_kb__build_write(struct tu_kb_build *b, const struct tu_kb_target *target,
	struct tu_kb_build_counts *counts, struct tu_error *err)
{
	tu_advisory_reader_free(b->reader); /* and the memory of the largest document */
	b->reader = NULL;
	return tu_kb__write(b->builder, target, counts, err);
}

enum tu_status tu_kb__build_finish(struct tu_kb_build *b, struct tu_buf *out,
	struct tu_kb_build_counts *counts, struct tu_error *err)
{
	return tu_kb_builder_finish(b->builder, out, counts, err);
}

void tu_kb__build_done(struct tu_kb_build *b)
{
	tu_buf_done(&b->first_strange);
	tu_advisory_reader_free(b->reader);
	tu_kb_builder_free(b->builder);
	b->reader = NULL;
	b->builder = NULL;
}
