#include "kb/carry.h"

#include <stdio.h>

#include "kb/builder.h"
#include "kb/kb.h"

/* A catalogue among the new records. */
struct present {
	uint32_t database; /* its name in the builder */
	uint32_t released; /* the latest state of it */
};

struct carrying {
	struct tu_kb_builder *builder;
	const struct tu_kb *old;
	struct tu_kb_carried *out;
	struct present present[TU_KB_CARRY_MAX];
	size_t present_count;
};

/* NULL: not among the new records. */
static struct present *find_present(struct carrying *c, uint32_t database)
{
	for (size_t i = 0; i < c->present_count; i++)
		if (c->present[i].database == database)
			return &c->present[i];
	return NULL;
}

static void gather_present(struct carrying *c)
{
	for (size_t i = 0; i < c->builder->advisories.count; i++) {
		const struct b_advisory *a = &c->builder->advisories.at[i];
		struct present *found;

		if (a->row.source != TU_SOURCE_KEV)
			continue;
		found = find_present(c, a->row.database);
		if (!found && c->present_count < TU_KB_CARRY_MAX) {
			found = &c->present[c->present_count++];
			*found = (struct present){.database = a->row.database};
		}
		if (!found)
			continue;
		if (a->released > found->released)
			found->released = a->released;
		if (!a->released && a->row.modified > found->released)
			found->released = a->row.modified;
	}
}

/* NULL: there are too many. */
static struct tu_kb_carried_catalogue *count_in(struct carrying *c, struct tu_str name)
{
	struct tu_kb_carried_catalogue *one = c->out->at;

	for (; one < c->out->at + c->out->count; one++)
		if (tu_str_eq(tu_str_c(one->name), tu_str_first(name, TU_KB_CARRY_NAME - 1)))
			return one;
	if (c->out->count == TU_KB_CARRY_MAX)
		return NULL;
	c->out->count++;
	*one = (struct tu_kb_carried_catalogue){.name = ""};
	(void)snprintf(one->name, sizeof(one->name), "%.*s", TU_STR_FMT(name));
	return one;
}

static enum tu_status add_withdrawn(struct carrying *c, const struct tu_kb_advisory *old,
	int64_t withdrawn, struct tu_error *err)
{
	const struct tu_advisory a = {.source = TU_SOURCE_KEV,
		.id = old->id,
		.database = old->database,
		.state = TU_ADVISORY_WITHDRAWN,
		.published = old->published,
		.modified = old->modified,
		.withdrawn = withdrawn,
		.title = old->title,
		.has_kev = true,
		.kev = old->kev,
		.epss_score = -1.0f,
		.epss_percentile = -1.0f};

	c->builder->counts.withdrawn_kev++;
	return tu_kb_builder_add(c->builder, &a, err);
}

static enum tu_status carry_record(
	struct carrying *c, const struct tu_kb_advisory *old, struct tu_error *err)
{
	struct tu_kb_carried_catalogue *catalogue = count_in(c, old->database);
	bool stood = old->state != TU_ADVISORY_WITHDRAWN;
	const struct present *present;
	uint32_t database;
	bool there;

	if (!tu_kb__find_record(c->builder, TU_SOURCE_KEV, old, &database, &there))
		return tu_no_memory(err);
	present = find_present(c, database);
	if (catalogue) {
		catalogue->before += stood;
		catalogue->gone = !present;
		catalogue->withdrawn += stood && present && !there;
	}
	if (there || !present)
		return TU_OK;
	return add_withdrawn(c, old, stood ? (int64_t)present->released : old->withdrawn, err);
}

enum tu_status tu_kb__carry_exploited(struct tu_kb_builder *builder, const struct tu_kb *old,
	struct tu_kb_carried *out_carried, struct tu_error *err)
{
	struct carrying c = {.builder = builder, .old = old, .out = out_carried};
	uint32_t count = tu_kb__rows(old, KB_ADVISORIES);
	enum tu_status status = TU_OK;

	*out_carried = (struct tu_kb_carried){.count = 0};
	gather_present(&c);
	for (uint32_t i = 0; i < count && !status; i++) {
		struct tu_kb_advisory advisory;

		if (old->advisories[i].source != TU_SOURCE_KEV)
			continue;
		advisory = tu_kb_advisory(old, i);
		status = carry_record(&c, &advisory, err);
	}
	return status;
}

bool tu_kb__is_large_loss(const struct tu_kb_carried_catalogue *catalogue)
{
	return catalogue->withdrawn * 10 > catalogue->before;
}
