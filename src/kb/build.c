#include "kb/build.h"

#include "base/input.h"
#include "kb/pool.h"

enum { STRANGE_MAX = 64 * 1024, DOCUMENT_NAME_MAX = 256 * 1024 };

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
	b->torn += b->in_document;
	b->in_document = false;
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

/* A folder or an archive may contain other files as well; a file that was asked for by name may not
 * be left out unsaid. */
static bool is_stray(
	const struct tu_kb_build *b, struct tu_str document, const struct tu_error *own)
{
	return own->status == TU_E_UNSUPPORTED && !tu_str_eq(document, b->input);
}

/* Only what the builder cannot take ends the build: a bad document is counted. */
static enum tu_status take_failure(
	struct tu_kb_build *b, const struct tu_error *problem, struct tu_error *err)
{
	struct tu_error own = *problem;
	char text[TU_ERROR_TEXT_MAX];

	if (b->builder_failed || own.status == TU_E_NOMEM) {
		if (err)
			*err = own;
		return own.status;
	}
	if (!is_stray(b, b->document, &own)) {
		take_broken(b, b->document, &own);
	} else if (b->strange++ == 0) {
		(void)tu_error_in_file(&own, "%.*s", TU_STR_FMT(b->document));
		tu_buf_c(&b->first_strange, tu_error_text(&own, text, sizeof(text)));
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

static enum tu_status take_unpacked(void *context, size_t bytes, struct tu_error *err)
{
	struct tu_kb_build *b = context;
	size_t most = b->unpacked_max ? b->unpacked_max : TU_INPUT_TOTAL;

	b->unpacked += bytes;
	return b->unpacked > most ? tu_input_fail_total(most, err) : TU_OK;
}

/* The name is that of a chunk which is gone before the document ends, where it was read elsewhere.
 */
static bool keep_document(struct tu_kb_build *b, struct tu_str document)
{
	tu_buf_clear(&b->name);
	tu_buf_str_add(&b->name, document);
	b->document = tu_buf_str(&b->name);
	return !b->name.failed;
}

static enum tu_status take_part(void *context, const struct tu_kb_part *part, struct tu_error *err)
{
	struct tu_kb_build *b = context;

	b->bytes += part->bytes;
	b->in_document = true;
	if (!part->first)
		return TU_OK;
	if (!keep_document(b, part->document))
		return tu_no_memory(err);
	b->documents++;
	if (++b->input_documents > TU_INPUT_ENTRIES)
		return tu_input_fail_entries(0, err);
	if (b->hooks.document && !b->hooks.document(b->hooks.self, b))
		return tu_fail(err, TU_E_CANCELLED, 0, "stopped");
	return TU_OK;
}

static enum tu_status take_name(void *context, const struct tu_kb_name *name, struct tu_error *err)
{
	struct tu_kb_build *b = context;

	return tu_kb_builder_alias(
		b->builder, name->name, name->vendor, name->product, name->scheme, err);
}

static enum tu_status take_names(
	void *context, const struct tu_kb_aliases_summary *summary, struct tu_error *err)
{
	struct tu_kb_build *b = context;

	(void)err;
	b->in_document = false;
	b->aliases.rows += summary->rows;
	if (summary->problems && b->aliases.problems == 0)
		b->aliases.first = summary->first;
	b->aliases.problems += summary->problems;
	if (summary->problems)
		take_problem(b, b->document, tu_str_c(summary->first.message));
	return TU_OK;
}

static enum tu_status take_end(void *context, const struct tu_feed_summary *summary,
	const struct tu_error *problem, struct tu_error *err)
{
	struct tu_kb_build *b = context;

	b->in_document = false;
	count_form(b, summary);
	return problem->status == TU_OK ? TU_OK : take_failure(b, problem, err);
}

static struct tu_kb_intake intake_of(struct tu_kb_build *b)
{
	return (struct tu_kb_intake){.sink = {.advisory = take_advisory,
					     .problem = take_problem,
					     .context = b,
					     .lifecycle = take_lifecycle},
		.unpacked = take_unpacked,
		.part = take_part,
		.name = take_name,
		.names = take_names,
		.end = take_end,
		.broken = take_broken};
}

enum tu_status tu_kb__build_names(
	struct tu_kb_build *b, struct tu_str document, struct tu_str text, struct tu_error *err)
{
	const struct tu_kb_name_sink sink = {take_name, b};
	struct tu_kb_aliases_summary summary = {0};
	enum tu_status status = keep_document(b, document)
		? tu_kb_aliases_each(&sink, document, text, &summary, err)
		: tu_no_memory(err);

	return status ? status : take_names(b, &summary, err);
}

enum tu_status tu_kb__build_init(
	struct tu_kb_build *b, const struct tu_kb_build_hooks *hooks, struct tu_error *err)
{
	*b = (struct tu_kb_build){
		.hooks = *hooks, .builder = tu_kb_builder_new(), .intake = intake_of(b)};
	tu_buf_init(&b->first_strange, STRANGE_MAX);
	tu_buf_init(&b->name, DOCUMENT_NAME_MAX);
	return b->builder ? TU_OK : tu_no_memory(err);
}

/* ---- inputs ---- */

static void begin_input(void *context, const char *path)
{
	struct tu_kb_build *b = context;

	if (b->input.ptr != path)
		b->input_documents = 0;
	b->input = tu_str_c(path);
}

static enum tu_status read_input(struct tu_kb_build *b, const char *path,
	const struct tu_input_walk *walk, struct tu_error *err)
{
	enum tu_status status = tu_input_each(path, walk, err);
	enum tu_status reported = tu_kb__reading_report(&b->reading, status ? NULL : err);

	return status ? status : reported;
}

static enum tu_status read_here(
	struct tu_kb_build *b, const char *const *paths, size_t count, struct tu_error *err)
{
	enum tu_status status = tu_kb__reading_init(&b->reading, &b->intake, err);
	struct tu_input_walk walk;

	b->reading.whole = b->whole;
	walk = tu_kb__reading_walk(&b->reading, b->unpacked_max);
	for (size_t i = 0; !status && i < count; i++) {
		begin_input(b, paths[i]);
		status = read_input(b, paths[i], &walk, err);
	}
	tu_kb__reading_done(&b->reading);
	return status;
}

/* Finding files for a pool. */
struct finding {
	struct tu_kb_pool *pool;
	const char *input;
	enum tu_status status; /* of the pool */
	struct tu_error problem;
};

static enum tu_status find_file(void *context, const char *path, size_t bytes, struct tu_error *err)
{
	struct finding *f = context;

	if (!f->status)
		f->status = tu_kb__pool_file(f->pool, f->input, path, bytes, &f->problem);
	if (f->status && err)
		*err = f->problem;
	return f->status;
}

static void find_broken(void *context, struct tu_str name, const struct tu_error *problem)
{
	struct finding *f = context;

	if (!f->status)
		f->status = tu_kb__pool_broken(f->pool, f->input, name, problem, &f->problem);
}

static enum tu_status find_files(struct finding *f, const char *path, struct tu_error *err)
{
	const struct tu_input_walk walk = {.file = find_file, .problem = find_broken, .context = f};
	enum tu_status status;

	f->input = path;
	status = tu_input_each(path, &walk, err);
	if (f->status && err)
		*err = f->problem;
	return f->status ? f->status : status;
}

static enum tu_status read_beside(
	struct tu_kb_pool *pool, const char *const *paths, size_t count, struct tu_error *err)
{
	struct finding finding = {.pool = pool};
	struct tu_error own = {0};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < count; i++)
		status = find_files(&finding, paths[i], err);
	/* what was found before a path that cannot be opened is taken as one thread does */
	if (!finding.status && tu_kb__pool_finish(pool, &own) != TU_OK) {
		status = own.status;
		if (err)
			*err = own;
	}
	return status;
}

enum tu_status tu_kb__build_inputs(
	struct tu_kb_build *b, const char *const *paths, size_t count, struct tu_error *err)
{
	const struct tu_kb_pool_setup setup = {
		&b->intake, begin_input, b->threads, b->unpacked_max, b->whole};
	struct tu_kb_pool *pool = NULL;
	enum tu_status status = TU_OK;

	if (b->threads > 1)
		status = tu_kb__pool_new(&setup, &pool, err);
	if (!status)
		status = pool ? read_beside(pool, paths, count, err)
			      : read_here(b, paths, count, err);
	tu_kb__pool_free(pool);
	return status;
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
	tu_buf_done(&b->name);
	tu_kb_builder_free(b->builder);
	b->builder = NULL;
}
