/* Components of a release: those that are new with their facts, and the references to all. */
#include <stdlib.h>

#include "base/any.h"
#include "portfolio/settle.h"

static struct tu_str key_of(const struct tu_prepared_component *c)
{
	return tu_str_of((const char *)c->identity.key, TU_SHA256_BYTES);
}

/* ---- in one order, whoever writes: two ingests then wait for each other and do not collide ----
 */

static int by_key(const void *a, const void *b)
{
	const struct tu_prepared_component *const *x = a, *const *y = b;

	return memcmp((*x)->identity.key, (*y)->identity.key, TU_SHA256_BYTES);
}

static struct tu_prepared_component **sorted(struct tu_work *w, struct tu_prepared *p)
{
	struct tu_prepared_component **list =
		tu_arena_array(w->arena, p->component_count, sizeof(*list));

	for (size_t i = 0; list && i < p->component_count; i++)
		list[i] = &p->components[i];
	if (list && p->component_count)
		qsort(list, p->component_count, sizeof(struct tu_prepared_component *), by_key);
	return list;
}

static int by_text(const void *a, const void *b)
{
	const struct tu_str *x = a, *y = b;

	return tu_str_cmp(*x, *y);
}

static enum tu_status put_packages(
	struct tu_work *w, const struct tu_prepared *p, struct tu_error *err)
{
	struct tu_str *names = tu_arena_array(w->arena, p->component_count, sizeof(*names));
	struct tu_batch rows = {.w = w};

	if (!names)
		return tu_no_memory(err);
	for (size_t i = 0; i < p->component_count; i++)
		names[i] = p->components[i].package;
	if (p->component_count)
		qsort(names, p->component_count, sizeof(*names), by_text);
	for (size_t i = 0; i < p->component_count; i++)
		if (i == 0 || !tu_str_eq(names[i], names[i - 1]))
			tu_batch_add(&rows, TU_BIND(tu_text(names[i])));
	return tu_batch_run(&rows, TU_SQL_PACKAGE_PUT, err);
}

static enum tu_status put_components(struct tu_work *w, const struct tu_prepared *p,
	struct tu_prepared_component **list, struct tu_error *err)
{
	struct tu_batch rows = {.w = w};

	for (size_t i = 0; i < p->component_count; i++) {
		const struct tu_prepared_component *c = list[i];
		const struct tu_component *own = &p->inventory->components[c->component];

		tu_batch_add(&rows,
			TU_BIND(tu_blob(key_of(c)), tu_text(c->package), tu_text(own->name),
				tu_text(own->version), tu_text_opt(own->purl), tu_text(c->context),
				tu_blob(c->identity.text), tu_int(c->facts.known),
				tu_int(w->act->at)));
	}
	return tu_batch_run(&rows, TU_SQL_COMPONENT_PUT, err);
}

/* ---- references ---- */

struct reference {
	int64_t id;
	uint8_t key[TU_SHA256_BYTES];
};

struct references {
	TU_VEC(struct reference) list;
};

static enum tu_status read_references(
	struct tu_work *w, int64_t release_id, struct references *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(
		w->tx, TU_SQL_RELEASE_COMPONENT_KEYS, TU_BIND(tu_int(release_id)), &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct reference r = {.id = tu_rows_int(rows, 0)};

		if (tu_rows_text(rows, 1).len == TU_SHA256_BYTES)
			memcpy(r.key, tu_rows_text(rows, 1).ptr, TU_SHA256_BYTES);
		ok = TU_VEC_PUSH_IN(w->arena, &out->list, r);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static struct tu_prepared_component *find(
	struct tu_prepared_component **list, size_t count, const uint8_t *key)
{
	size_t lo = 0, hi = count;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;
		int order = memcmp(list[middle]->identity.key, key, TU_SHA256_BYTES);

		if (order == 0)
			return list[middle];
		if (order < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return NULL;
}

static enum tu_status put_references(struct tu_work *w, const struct tu_settle *s,
	struct tu_prepared_component **list, struct tu_error *err)
{
	const struct tu_prepared *p = s->prepared;
	int64_t release_id = s->release->id;
	struct tu_batch rows = {.w = w}, gone = {.w = w};
	struct references before = {0};
	enum tu_status status = read_references(w, release_id, &before, err);

	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < before.list.count; i++)
		if (!find(list, p->component_count, before.list.at[i].key))
			tu_batch_add(
				&gone, TU_BIND(tu_int(release_id), tu_int(before.list.at[i].id)));
	for (size_t i = 0; i < p->component_count; i++) {
		const struct tu_prepared_component *c = list[i];

		tu_batch_add(&rows,
			TU_BIND(tu_int(release_id), tu_blob(key_of(c)),
				tu_int(s->harms[c - p->components]), tu_int(c->uses),
				tu_int(w->act->at)));
	}
	status = tu_batch_run(&gone, TU_SQL_RELEASE_COMPONENT_REMOVE, err);
	return status ? status : tu_batch_run(&rows, TU_SQL_RELEASE_COMPONENT_PUT, err);
}

/* ---- facts ---- */

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

enum tu_status tu_settle__vulns(struct tu_work *w, const struct tu_kb *kb, uint32_t *indexes,
	size_t count, struct tu_error *err)
{
	struct tu_batch rows = {.w = w};

	if (count)
		qsort(indexes, count, sizeof(*indexes), by_number);
	for (size_t i = 0; i < count; i++) {
		struct tu_vuln_row v;
		struct tu_str by;

		if (i && indexes[i] == indexes[i - 1])
			continue;
		v = tu_vuln_row_of(kb, indexes[i]);
		if (!tu_vuln_exploited_by(w->arena, kb, indexes[i], &by))
			return tu_no_memory(err);
		tu_batch_add(&rows,
			TU_BIND(tu_text(v.name), tu_text_opt(v.title), tu_int(v.severity),
				tu_int(v.score), tu_int(v.kev), tu_int(v.epss), tu_int(v.modified),
				tu_int(v.withdrawn), tu_text(by)));
	}
	return tu_batch_run(&rows, TU_SQL_VULN_PUT, err);
}

static enum tu_status put_vulns(
	struct tu_work *w, const struct tu_prepared *p, int64_t newest, struct tu_error *err)
{
	uint32_t *indexes = tu_arena_array(w->arena, p->fact_count, sizeof(*indexes));
	size_t count = 0;

	if (!indexes)
		return tu_no_memory(err);
	for (size_t i = 0; i < p->component_count; i++) {
		const struct tu_prepared_component *c = &p->components[i];

		for (size_t k = 0; c->id > newest && k < c->facts.count; k++)
			indexes[count++] = c->facts.at[k].index;
	}
	return tu_settle__vulns(w, p->kb, indexes, count, err);
}

/* What is there already has its facts: those of the same knowledge base. */
static enum tu_status put_facts(struct tu_work *w, const struct tu_prepared *p, int64_t newest,
	struct tu_settled *counts, struct tu_error *err)
{
	struct tu_batch facts = {.w = w}, keys = {.w = w};
	enum tu_status status = put_vulns(w, p, newest, err);

	for (size_t i = 0; i < p->component_count && status == TU_OK; i++) {
		const struct tu_prepared_component *c = &p->components[i];

		if (c->id <= newest)
			continue;
		counts->new_components++;
		for (size_t k = 0; k < c->facts.count; k++) {
			const struct tu_vuln_fact *f = &c->facts.at[k];

			tu_batch_add(&facts,
				TU_BIND(tu_int(c->id), tu_text(f->vuln),
					tu_text(tu_str_c(tu_match_verdict_name(f->verdict))),
					tu_text(tu_str_c(tu_reason_name(f->reason))),
					tu_text_opt(f->fixed), tu_int(w->act->at)));
		}
		for (size_t k = 0; k < c->keys.list.count; k++)
			tu_batch_add(&keys, TU_BIND(tu_text(c->keys.list.at[k]), tu_int(c->id)));
	}
	if (status == TU_OK)
		status = tu_batch_run(&facts, TU_SQL_FACT_PUT, err);
	return status ? status : tu_batch_run(&keys, TU_SQL_COMPONENT_KEY_PUT, err);
}

/* ---- the whole ---- */

static enum tu_status take_ids(struct tu_work *w, int64_t release_id, struct tu_prepared *p,
	struct tu_prepared_component **list, struct tu_error *err)
{
	struct references now = {0};
	size_t found = 0;
	enum tu_status status = read_references(w, release_id, &now, err);

	for (size_t i = 0; i < now.list.count && status == TU_OK; i++) {
		struct tu_prepared_component *c =
			find(list, p->component_count, now.list.at[i].key);

		found += c != NULL;
		if (c)
			c->id = now.list.at[i].id;
	}
	/* another one made a component meanwhile that this transaction does not see */
	if (status == TU_OK && found != p->component_count)
		status = tu_fail(err, TU_E_CONFLICT, 0,
			"components of this release are being written by another");
	return status;
}

enum tu_status tu_settle__components(struct tu_work *w, struct tu_settle *s, struct tu_error *err)
{
	struct tu_prepared *p = s->prepared;
	struct tu_prepared_component **list = sorted(w, p);
	int64_t newest = 0;
	enum tu_status status;

	if (!list)
		return tu_no_memory(err);
	s->settled.components = p->component_count;
	status = tu_tx_int(w->tx, TU_SQL_COMPONENT_NEWEST, TU_NO_BIND, &newest, err);
	if (status == TU_OK)
		status = put_packages(w, p, err);
	if (status == TU_OK)
		status = put_components(w, p, list, err);
	if (status == TU_OK)
		status = put_references(w, s, list, err);
	if (status == TU_OK)
		status = take_ids(w, s->release->id, p, list, err);
	return status ? status : put_facts(w, p, newest, &s->settled, err);
}
