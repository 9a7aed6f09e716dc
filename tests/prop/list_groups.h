/* The order of the slow list, and its vulnerabilities. */
#ifndef TU_TESTS_LIST_GROUPS_H
#define TU_TESTS_LIST_GROUPS_H

#include "prop/list_model.h"

/* ---- order ---- */

static int64_t model_epss(const struct tu_list_vulnerability *v)
{
	return v->epss == TU_LIST_UNSTATED_EPSS ? -1 : (int64_t)v->epss;
}

/* Negative, zero, positive by the key alone; for a group the finding has the group's values. */
static int64_t model_key_order(
	const struct tu_list_finding *a, const struct tu_list_finding *b, enum tu_list_sort sort)
{
	switch (sort) {
	case TU_LIST_BY_SEVERITY:
		return a->vulnerability.severity - b->vulnerability.severity;
	case TU_LIST_BY_HARM:
		return a->harm - b->harm;
	case TU_LIST_BY_KEV:
		if (a->vulnerability.kev != b->vulnerability.kev)
			return a->vulnerability.kev ? 1 : -1;
		return model_epss(&a->vulnerability) - model_epss(&b->vulnerability);
	case TU_LIST_BY_EPSS:
		return model_epss(&a->vulnerability) - model_epss(&b->vulnerability);
	case TU_LIST_BY_FIRST_SEEN:
		return a->first_seen - b->first_seen;
	case TU_LIST_BY_STATE:
		return (int64_t)a->state - (int64_t)b->state;
	case TU_LIST_BY_DEADLINE:
		return a->deadline - b->deadline;
	case TU_LIST_BY_NAME: {
		/* "CVE-2020-16": here all years have four digits */
		struct tu_str x = a->vulnerability.name, y = b->vulnerability.name;
		struct tu_str p = tu_str_first(x, tu_str_rfind(x, '-'));
		struct tu_str q = tu_str_first(y, tu_str_rfind(y, '-'));
		int order = tu_str_cmp(p, q);

		return order
			? order
			: tu_str_cmp_digits(tu_str_from(x, p.len + 1), tu_str_from(y, q.len + 1));
	}
	case TU_LIST_SORTS:
		break;
	}
	return 0;
}

static int64_t model_order(const struct tu_list_finding *a, const struct tu_list_finding *b,
	const struct tu_list_query *q)
{
	int64_t order = model_key_order(a, b, q->sort);

	if (q->sort == TU_LIST_BY_DEADLINE && !a->deadline != !b->deadline)
		return a->deadline ? -1 : 1;
	if (order)
		return q->descending ? -order : order;
	if (a->vulnerability.id != b->vulnerability.id)
		return a->vulnerability.id - b->vulnerability.id;
	if (a->component.id != b->component.id)
		return a->component.id - b->component.id;
	return a->release.id - b->release.id;
}

static struct tu_list_finding model_as_finding(const struct tu_list_group *group)
{
	return (struct tu_list_finding){.vulnerability = group->vulnerability,
		.first_seen = group->first_seen,
		.state = group->state,
		.harm = group->harm,
		.deadline = group->deadline};
}

static void model_sort(struct model *m, const struct tu_list_query *q)
{
	for (size_t i = 1; i < m->count; i++)
		for (size_t j = i; j && model_order(&m->findings[j], &m->findings[j - 1], q) < 0;
			j--) {
			struct tu_list_finding swap = m->findings[j];

			m->findings[j] = m->findings[j - 1];
			m->findings[j - 1] = swap;
		}
	for (size_t i = 1; i < m->group_count; i++)
		for (size_t j = i; j; j--) {
			struct tu_list_finding a = model_as_finding(&m->groups[j]);
			struct tu_list_finding b = model_as_finding(&m->groups[j - 1]);
			struct tu_list_group swap = m->groups[j];

			if (model_order(&a, &b, q) >= 0)
				break;
			m->groups[j] = m->groups[j - 1];
			m->groups[j - 1] = swap;
		}
}

/* ---- groups ---- */

static int model_risk(uint8_t risk)
{
	return risk == 2 ? 2 : risk == 0 ? 1 : 0;
}

static void model_join(struct tu_list_group *g, const struct tu_list_finding *f)
{
	if (!g->findings++) {
		g->vulnerability = f->vulnerability;
		g->first_seen = f->first_seen;
		g->state = f->state;
		g->risk = f->risk;
		g->release = f->release;
		g->device = f->device;
	}
	g->verdicts |= TU_LIST_BIT(f->verdict);
	g->states |= TU_LIST_BIT(f->state);
	g->risks |= TU_LIST_BIT(f->risk);
	g->fixable |= f->fixable;
	g->first_seen = f->first_seen < g->first_seen ? f->first_seen : g->first_seen;
	g->state = f->state < g->state ? f->state : g->state;
	g->harm = f->harm > g->harm ? f->harm : g->harm;
	g->risk = model_risk(f->risk) > model_risk(g->risk) ? f->risk : g->risk;
	if (f->deadline && (!g->deadline || f->deadline < g->deadline))
		g->deadline = f->deadline;
	if (f->release.id < g->release.id) {
		g->release = f->release;
		g->device = f->device;
	}
}

/* How many different components and releases the findings of a vulnerability have. */
static void model_spread(struct model *m, struct tu_list_group *g)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct tu_list_finding *f = &m->findings[i];
		bool component = true, release = true;

		if (f->vulnerability.id != g->vulnerability.id)
			continue;
		for (size_t j = 0; j < i; j++) {
			const struct tu_list_finding *e = &m->findings[j];

			if (e->vulnerability.id != f->vulnerability.id)
				continue;
			component = component && e->component.id != f->component.id;
			release = release && e->release.id != f->release.id;
		}
		g->components += component;
		g->releases += release;
	}
}

static void model_release(const struct world *w, const struct tu_list_query *q, size_t r,
	struct model *m, struct tu_list_group *by_vuln)
{
	for (size_t c = 0; c < w->component_count; c++)
		for (size_t v = 0; v < w->vuln_count; v++) {
			struct tu_list_finding f = model_finding(w, r, c, v);

			if (!w->has_ref[r][c] || !w->has_fact[c][v] || !model_passes(q->filter, &f))
				continue;
			m->findings[m->count++] = f;
			model_join(&by_vuln[v], &f);
		}
}

/* What a query is about. What is not in the scope is left out before anything else. */
static void model_of(const struct world *w, const struct tu_list_query *q, struct model *m)
{
	struct tu_list_group by_vuln[VULNS] = {0};

	*m = (struct model){0};
	for (size_t r = 0; r < w->release_count; r++) {
		if (!q->scope->everything &&
			!model_listed(q->scope->device_ids, q->scope->device_count,
				w->releases[r].device_id))
			continue;
		model_release(w, q, r, m, by_vuln);
	}
	for (size_t v = 0; v < w->vuln_count; v++)
		if (by_vuln[v].findings) {
			model_spread(m, &by_vuln[v]);
			m->groups[m->group_count++] = by_vuln[v];
		}
	model_sort(m, q);
}

#endif
