#include "kb/reading.h"

enum tu_status tu_kb__reading_report(struct tu_kb_reading *r, struct tu_error *err)
{
	size_t more = r->unpacked - r->reported;

	r->reported = r->unpacked;
	return more ? r->to->unpacked(r->to->sink.context, more, err) : TU_OK;
}

static void take_broken(void *context, struct tu_str document, const struct tu_error *problem)
{
	const struct tu_kb_reading *r = context;

	r->to->broken(r->to->sink.context, document, problem);
}

static enum tu_status begin_part(
	struct tu_kb_reading *r, const struct tu_kb_part *part, struct tu_error *err)
{
	enum tu_status status = tu_kb__reading_report(r, err);

	return status ? status : r->to->part(r->to->sink.context, part, err);
}

static enum tu_status visit_piece(
	void *context, const struct tu_input_piece *piece, struct tu_error *err)
{
	struct tu_kb_reading *r = context;
	const struct tu_kb_part part = {piece->name, piece->text.len, piece->first};
	struct tu_error own = {0};
	enum tu_status status = begin_part(r, &part, err);

	if (piece->first) {
		r->lines = (struct tu_advisory_lines){0};
		r->given_up = false;
	}
	if (status || r->given_up)
		return status;
	r->lines.sink = &r->to->sink;
	status = tu_advisory__read_piece(r->reader, &r->lines, piece->text, piece->last, &own);
	r->given_up = status != TU_OK;
	if (!piece->last && !r->given_up)
		return TU_OK;
	return r->to->end(r->to->sink.context, &r->lines.summary, &own, err);
}

static enum tu_status take_name(void *context, const struct tu_kb_name *name, struct tu_error *err)
{
	const struct tu_kb_reading *r = context;

	return r->to->name(r->to->sink.context, name, err);
}

static enum tu_status read_names(
	struct tu_kb_reading *r, struct tu_str document, struct tu_str text, struct tu_error *err)
{
	const struct tu_kb_name_sink sink = {take_name, r};
	struct tu_kb_aliases_summary summary = {0};
	enum tu_status status = tu_kb_aliases_each(&sink, document, text, &summary, err);

	return status ? status : r->to->names(r->to->sink.context, &summary, err);
}

static enum tu_status visit(
	void *context, struct tu_str document, struct tu_str text, struct tu_error *err)
{
	struct tu_kb_reading *r = context;
	const struct tu_kb_part part = {document, text.len, true};
	struct tu_feed_summary summary = {0};
	struct tu_error own = {0};
	enum tu_status status = begin_part(r, &part, err);

	if (status)
		return status;
	if (tu_kb_is_aliases(text))
		return read_names(r, document, text, err);
	/* why, if it failed, is in `own` */
	(void)!tu_advisory_read(r->reader, document, text, &r->to->sink, &summary, &own);
	return r->to->end(r->to->sink.context, &summary, &own, err);
}

enum tu_status tu_kb__reading_init(
	struct tu_kb_reading *r, const struct tu_kb_intake *to, struct tu_error *err)
{
	*r = (struct tu_kb_reading){.to = to, .reader = tu_advisory_reader_new()};
	return r->reader ? TU_OK : tu_no_memory(err);
}

void tu_kb__reading_done(struct tu_kb_reading *r)
{
	tu_advisory_reader_free(r->reader);
	r->reader = NULL;
}

/* Names are few and read whole. */
bool tu_kb__reading_in_lines(struct tu_str beginning)
{
	return !tu_kb_is_aliases(beginning) && tu_advisory__in_lines(beginning);
}

struct tu_input_walk tu_kb__reading_walk(struct tu_kb_reading *r, size_t unpacked_max)
{
	return (struct tu_input_walk){.visit = visit,
		.in_lines = r->whole ? NULL : tu_kb__reading_in_lines,
		.piece = visit_piece,
		.ahead = r->ahead,
		.problem = take_broken,
		.context = r,
		.limits.total = unpacked_max,
		.unpacked = &r->unpacked};
}
