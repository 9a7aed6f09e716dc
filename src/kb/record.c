#include "kb/record.h"

#include "base/alloc.h"
#include "base/checked.h"

/* Just under a large page of an arena (base/alloc.h), as advisories are not cut. */
enum { CHUNK_FULL = 1536 << 10 };

enum kind { PART, ADVISORY, LIFECYCLE, PROBLEM, UNPACKED, NAME, NAMES, END, BROKEN };

struct problem {
	struct tu_str where, what;
};

struct end {
	struct tu_feed_summary summary;
	struct tu_error problem;
};

struct broken {
	struct tu_str document;
	struct tu_error problem;
};

struct tu_kb_event {
	struct tu_kb_event *next;
	enum kind kind;
	union {
		const struct tu_kb_part *part;
		const struct tu_advisory *advisory;
		const struct tu_support_cycle *lifecycle;
		const struct problem *problem;
		const struct tu_kb_name *name;
		const struct tu_kb_aliases_summary *names;
		const struct end *end;
		const struct broken *broken;
		size_t unpacked;
	} is;
};

/* ---- chunks ---- */

struct tu_kb_chunk *tu_kb__chunk_new(void)
{
	struct tu_kb_chunk *chunk = tu_alloc(1, sizeof(*chunk));

	if (chunk)
		chunk->arena = tu_arena_new(0);
	if (!chunk || !chunk->arena) {
		tu_kb__chunk_free(chunk);
		return NULL;
	}
	return chunk;
}

void tu_kb__chunk_free(struct tu_kb_chunk *chunk)
{
	if (!chunk)
		return;
	tu_arena_free(chunk->arena);
	tu_free(chunk);
}

void tu_kb__chunk_clear(struct tu_kb_chunk *chunk)
{
	tu_arena_reset(chunk->arena);
	chunk->first = chunk->last = NULL;
	chunk->next = NULL;
}

/* ---- copies: false when out of memory ---- */

static bool keep_text(struct tu_arena *arena, struct tu_str *text)
{
	/* most attributes of CPE names */
	if (text->len == 1 && text->ptr[0] == '*') {
		*text = TU_STR("*");
		return true;
	}
	return tu_arena_dup(arena, *text, text);
}

static bool keep_texts(struct tu_arena *arena, struct tu_str *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!keep_text(arena, &texts[i]))
			return false;
	}
	return true;
}

/* Rows as they are; what they point to is still the reader's. */
static bool keep_rows(
	struct tu_arena *arena, const void *rows, size_t count, size_t size, void *out_copy)
{
	void *copy = NULL;

	if (count) {
		copy = tu_arena_array(arena, count, size);
		if (!copy)
			return false;
		memcpy(copy, rows, count * size);
	}
	memcpy(out_copy, &copy, sizeof(copy));
	return true;
}

static bool keep_list(struct tu_arena *arena, const struct tu_str **list, size_t count)
{
	struct tu_str *copy;

	if (!keep_rows(arena, *list, count, sizeof(*copy), &copy))
		return false;
	*list = copy;
	return keep_texts(arena, copy, count);
}

static bool keep_scores(struct tu_arena *arena, struct tu_advisory *a)
{
	struct tu_score *copy;

	if (!keep_rows(arena, a->scores, a->score_count, sizeof(*copy), &copy))
		return false;
	a->scores = copy;
	for (size_t i = 0; i < a->score_count; i++) {
		if (!keep_text(arena, &copy[i].vector) || !keep_text(arena, &copy[i].severity) ||
			!keep_text(arena, &copy[i].scorer))
			return false;
	}
	return true;
}

static bool keep_references(struct tu_arena *arena, struct tu_advisory *a)
{
	struct tu_reference *copy;

	if (!keep_rows(arena, a->references, a->reference_count, sizeof(*copy), &copy))
		return false;
	a->references = copy;
	for (size_t i = 0; i < a->reference_count; i++) {
		if (!keep_text(arena, &copy[i].url) || !keep_text(arena, &copy[i].tags))
			return false;
	}
	return true;
}

static bool same_bytes(struct tu_str a, struct tu_str b)
{
	return a.ptr == b.ptr && a.len == b.len;
}

/* Ends that share their bytes share them afterwards, too: the builder looks for that. */
static bool keep_bound(struct tu_arena *arena, struct tu_bound *bound, struct tu_bound *last,
	struct tu_bound *kept)
{
	bool inclusive = bound->inclusive;

	if (!same_bytes(bound->text, last->text) || !same_bytes(bound->key, last->key)) {
		*last = *bound;
		*kept = *bound;
		if (!keep_text(arena, &kept->text) || !keep_text(arena, &kept->key))
			return false;
	}
	*bound = *kept;
	bound->inclusive = inclusive;
	return true;
}

static bool keep_versions(struct tu_kb_recorder *r, struct tu_versions *versions)
{
	struct tu_arena *arena = r->chunk->arena;
	struct tu_span *copy;

	if (!keep_text(arena, &versions->fixed) ||
		!keep_rows(arena, versions->spans, versions->count, sizeof(*copy), &copy))
		return false;
	versions->spans = copy;
	for (size_t i = 0; i < versions->count; i++) {
		struct tu_interval *in = &copy[i].interval;

		if (!keep_bound(arena, &in->lo, &r->last_lo, &r->kept_lo) ||
			!keep_bound(arena, &in->hi, &r->last_hi, &r->kept_hi))
			return false;
	}
	return true;
}

static bool keep_packages(struct tu_kb_recorder *r, struct tu_advisory *a)
{
	struct tu_arena *arena = r->chunk->arena;
	struct tu_affected_package *copy;

	if (!keep_rows(arena, a->packages, a->package_count, sizeof(*copy), &copy))
		return false;
	a->packages = copy;
	for (size_t i = 0; i < a->package_count; i++) {
		if (!keep_text(arena, &copy[i].type) || !keep_text(arena, &copy[i].namespace_) ||
			!keep_text(arena, &copy[i].name) || !keep_text(arena, &copy[i].distro) ||
			!keep_text(arena, &copy[i].module) || !keep_versions(r, &copy[i].versions))
			return false;
	}
	return true;
}

static bool keep_products(struct tu_kb_recorder *r, struct tu_advisory *a)
{
	struct tu_arena *arena = r->chunk->arena;
	struct tu_affected_product *copy;

	if (!keep_rows(arena, a->products, a->product_count, sizeof(*copy), &copy))
		return false;
	a->products = copy;
	for (size_t i = 0; i < a->product_count; i++) {
		if (!keep_texts(arena, copy[i].cpe.attr, TU_CPE_ATTRS) ||
			!keep_text(arena, &copy[i].files) || !keep_versions(r, &copy[i].versions))
			return false;
	}
	return true;
}

static bool keep_advisory(struct tu_kb_recorder *r, struct tu_advisory *a)
{
	struct tu_arena *arena = r->chunk->arena;
	struct tu_str *const texts[] = {&a->id, &a->database, &a->title, &a->ssvc.exploitation,
		&a->ssvc.automatable, &a->ssvc.technical_impact, &a->kev.date_added,
		&a->kev.due_date};

	r->last_lo = r->last_hi = r->kept_lo = r->kept_hi = (struct tu_bound){0};
	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		if (!keep_text(arena, texts[i]))
			return false;
	}
	return keep_list(arena, &a->aliases, a->alias_count) &&
		keep_list(arena, &a->related, a->related_count) &&
		keep_list(arena, &a->cwes, a->cwe_count) && keep_scores(arena, a) &&
		keep_references(arena, a) && keep_packages(r, a) && keep_products(r, a);
}

/* ---- recording ---- */

/* An event whose row is a copy of `*row`, which the caller completes. NULL: nothing is recorded
 * any more. */
static struct tu_kb_event *add(
	struct tu_kb_recorder *r, enum kind kind, const void *row, size_t size, void *out_row)
{
	struct tu_kb_event *event;

	if (r->status || !r->chunk)
		return NULL;
	event = tu_arena_alloc(r->chunk->arena, sizeof(*event));
	if (!event || !keep_rows(r->chunk->arena, row, 1, size, out_row)) {
		r->status = TU_E_NOMEM;
		return NULL;
	}
	event->kind = kind;
	return event;
}

static enum tu_status say(const struct tu_kb_recorder *r, struct tu_error *err)
{
	if (r->status == TU_E_NOMEM)
		return tu_no_memory(err);
	return r->status ? tu_fail(err, r->status, 0, "stopped") : TU_OK;
}

/* The event is complete, if `fine`. */
static enum tu_status settle(
	struct tu_kb_recorder *r, struct tu_kb_event *event, bool fine, struct tu_error *err)
{
	struct tu_kb_chunk *chunk = r->chunk;

	if (!r->status && (!event || !fine))
		r->status = TU_E_NOMEM;
	if (r->status)
		return say(r, err);
	if (chunk->last)
		chunk->last->next = event;
	else
		chunk->first = event;
	chunk->last = event;
	if (tu_arena_used(chunk->arena) >= CHUNK_FULL)
		r->status = r->turn(r);
	return say(r, err);
}

static enum tu_status record_part(void *self, const struct tu_kb_part *part, struct tu_error *err)
{
	struct tu_kb_recorder *r = self;
	struct tu_kb_part *copy;
	struct tu_kb_event *event = add(r, PART, part, sizeof(*part), &copy);

	if (event)
		event->is.part = copy;
	return settle(r, event, event && keep_text(r->chunk->arena, &copy->document), err);
}

static enum tu_status record_advisory(
	void *self, const struct tu_advisory *advisory, struct tu_error *err)
{
	struct tu_kb_recorder *r = self;
	struct tu_advisory *copy;
	struct tu_kb_event *event = add(r, ADVISORY, advisory, sizeof(*advisory), &copy);

	if (event)
		event->is.advisory = copy;
	return settle(r, event, event && keep_advisory(r, copy), err);
}

static enum tu_status record_lifecycle(
	void *self, const struct tu_support_cycle *cycle, struct tu_error *err)
{
	struct tu_kb_recorder *r = self;
	struct tu_support_cycle *copy;
	struct tu_kb_event *event = add(r, LIFECYCLE, cycle, sizeof(*cycle), &copy);
	bool fine = event != NULL;

	if (event) {
		struct tu_str *const texts[] = {&copy->product, &copy->cpe, &copy->cycle,
			&copy->released, &copy->support, &copy->eol, &copy->extended};

		event->is.lifecycle = copy;
		for (size_t i = 0; fine && i < TU_COUNT(texts); i++)
			fine = keep_text(r->chunk->arena, texts[i]);
	}
	return settle(r, event, fine, err);
}

static void record_problem(void *self, struct tu_str where, struct tu_str what)
{
	struct tu_kb_recorder *r = self;
	const struct problem problem = {where, what};
	struct problem *copy;
	struct tu_kb_event *event = add(r, PROBLEM, &problem, sizeof(problem), &copy);

	if (event)
		event->is.problem = copy;
	(void)settle(r, event,
		event && keep_text(r->chunk->arena, &copy->where) &&
			keep_text(r->chunk->arena, &copy->what),
		NULL);
}

static enum tu_status record_unpacked(void *self, size_t bytes, struct tu_error *err)
{
	struct tu_kb_recorder *r = self;
	void *nothing;
	struct tu_kb_event *event = add(r, UNPACKED, &bytes, sizeof(bytes), &nothing);

	if (event)
		event->is.unpacked = bytes;
	return settle(r, event, event != NULL, err);
}

static enum tu_status record_name(void *self, const struct tu_kb_name *name, struct tu_error *err)
{
	struct tu_kb_recorder *r = self;
	struct tu_kb_name *copy;
	struct tu_kb_event *event = add(r, NAME, name, sizeof(*name), &copy);

	if (event)
		event->is.name = copy;
	return settle(r, event,
		event && keep_text(r->chunk->arena, &copy->name) &&
			keep_text(r->chunk->arena, &copy->vendor) &&
			keep_text(r->chunk->arena, &copy->product),
		err);
}

static enum tu_status record_names(
	void *self, const struct tu_kb_aliases_summary *summary, struct tu_error *err)
{
	struct tu_kb_recorder *r = self;
	struct tu_kb_aliases_summary *copy;
	struct tu_kb_event *event = add(r, NAMES, summary, sizeof(*summary), &copy);

	if (event)
		event->is.names = copy;
	return settle(r, event, event != NULL, err);
}

static enum tu_status record_end(void *self, const struct tu_feed_summary *summary,
	const struct tu_error *problem, struct tu_error *err)
{
	struct tu_kb_recorder *r = self;
	const struct end end = {*summary, *problem};
	struct end *copy;
	struct tu_kb_event *event = add(r, END, &end, sizeof(end), &copy);

	if (event)
		event->is.end = copy;
	return settle(r, event, event != NULL, err);
}

static void record_broken(void *self, struct tu_str document, const struct tu_error *problem)
{
	struct tu_kb_recorder *r = self;
	const struct broken broken = {document, *problem};
	struct broken *copy;
	struct tu_kb_event *event = add(r, BROKEN, &broken, sizeof(broken), &copy);

	if (event)
		event->is.broken = copy;
	(void)settle(r, event, event && keep_text(r->chunk->arena, &copy->document), NULL);
}

struct tu_kb_intake tu_kb__recorder_intake(struct tu_kb_recorder *recorder)
{
	return (struct tu_kb_intake){.sink = {.advisory = record_advisory,
					     .problem = record_problem,
					     .context = recorder,
					     .lifecycle = record_lifecycle},
		.unpacked = record_unpacked,
		.part = record_part,
		.name = record_name,
		.names = record_names,
		.end = record_end,
		.broken = record_broken};
}

/* ---- playing ---- */

static enum tu_status play(
	const struct tu_kb_event *event, const struct tu_kb_intake *to, struct tu_error *err)
{
	void *self = to->sink.context;

	switch (event->kind) {
	case PART:
		return to->part(self, event->is.part, err);
	case ADVISORY:
		return to->sink.advisory(self, event->is.advisory, err);
	case LIFECYCLE:
		return to->sink.lifecycle(self, event->is.lifecycle, err);
	case PROBLEM:
		to->sink.problem(self, event->is.problem->where, event->is.problem->what);
		return TU_OK;
	case UNPACKED:
		return to->unpacked(self, event->is.unpacked, err);
	case NAME:
		return to->name(self, event->is.name, err);
	case NAMES:
		return to->names(self, event->is.names, err);
	case END:
		return to->end(self, &event->is.end->summary, &event->is.end->problem, err);
	case BROKEN:
		to->broken(self, event->is.broken->document, &event->is.broken->problem);
		return TU_OK;
	}
	return TU_OK;
}

enum tu_status tu_kb__chunk_play(
	const struct tu_kb_chunk *chunk, const struct tu_kb_intake *to, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (const struct tu_kb_event *e = chunk->first; e && !status; e = e->next)
		status = play(e, to, err);
	return status;
}
