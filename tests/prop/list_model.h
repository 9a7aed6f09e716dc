/* The list, slow and obvious: every finding is made, tested, sorted. */
#ifndef TU_TESTS_LIST_MODEL_H
#define TU_TESTS_LIST_MODEL_H

#include "list/query.h"
#include "support/list_world.h"

enum { FINDINGS_MAX = RELEASES * COMPONENTS * VULNS };

struct model {
	struct tu_list_finding findings[FINDINGS_MAX];
	struct tu_list_group groups[VULNS];
	size_t count, group_count;
};

static bool model_asks(enum tu_list_ask ask, bool is)
{
	return ask == TU_LIST_ANY || (ask == TU_LIST_YES ? is : !is);
}

static bool model_has(uint32_t set, uint32_t value)
{
	return set == 0 || (set & TU_LIST_BIT(value)) != 0;
}

static bool model_listed(const int64_t *ids, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static int64_t model_floor(int64_t time)
{
	return time / SECOND * SECOND;
}

static int64_t model_deadline(const struct world *w, size_t v, int64_t device_id)
{
	int64_t best = 0;

	for (size_t i = 0; i < w->due_count[v]; i++) {
		const struct tu_list_deadline *due = &w->dues[v][i];

		if ((due->device_id == 0 || due->device_id == device_id) &&
			(best == 0 || model_floor(due->due) < best))
			best = model_floor(due->due);
	}
	return best;
}

static struct tu_list_finding model_finding(const struct world *w, size_t r, size_t c, size_t v)
{
	const struct tu_list_fact *fact = &w->facts[c][v];
	const struct tu_list_reference *ref = &w->refs[r][c];
	const struct tu_list_decision *decision = &w->decisions[r][c][v];
	struct tu_list_finding f = {.vulnerability = w->vulns[v],
		.component = w->components[c],
		.release = w->releases[r],
		.device = w->devices[w->release_device[r]].name,
		.verdict = fact->verdict,
		.fixable = fact->fixable,
		.state = TU_LIST_NOT_ASSESSED,
		.status = 1,
		.risk = 0,
		.harm = ref->harm};

	f.first_seen = model_floor(fact->first_seen > ref->added ? fact->first_seen : ref->added);
	f.deadline = model_deadline(w, v, w->releases[r].device_id);
	if (!w->has_decision[r][c][v])
		return f;
	f.state = decision->state;
	if (decision->state == TU_LIST_DECIDED || decision->state == TU_LIST_CARRIED) {
		f.status = decision->status;
		f.risk = decision->risk;
		f.closed = decision->closed;
		if (decision->harm)
			f.harm = decision->harm;
	}
	return f;
}

/* Is it one of the lines? They are short: every place is tried. */
static bool model_has_line(struct tu_str lines, struct tu_str name)
{
	for (size_t i = 0; i + name.len <= lines.len; i++)
		if ((!i || lines.ptr[i - 1] == '\n') &&
			(i + name.len == lines.len || lines.ptr[i + name.len] == '\n') &&
			tu_str_ieq(tu_str_of(lines.ptr + i, name.len), name))
			return true;
	return false;
}

static bool model_vuln_passes(const struct tu_list_filter *q, const struct tu_list_vulnerability *v)
{
	int score = v->score == TU_LIST_UNSTATED_SCORE ? -1 : v->score;
	int64_t epss = v->epss == TU_LIST_UNSTATED_EPSS ? -1 : (int64_t)v->epss;

	for (size_t i = 0; i < q->exploited_by_count; i++)
		if (model_has_line(v->exploited_by, q->exploited_by[i].name) ==
			q->exploited_by[i].no)
			return false;
	if (!model_asks(q->kev, v->kev) || !model_asks(q->unscored, v->severity == 0))
		return false;
	if (v->severity < q->severity_from)
		return false;
	if (q->severity_below && v->severity >= q->severity_below)
		return false;
	if (!model_asks(q->cvss_stated, score >= 0) || !model_asks(q->epss_stated, epss >= 0))
		return false;
	if (q->cvss_from && score < q->cvss_from)
		return false;
	if (q->cvss_below && score >= q->cvss_below)
		return false;
	if (q->epss_from && epss < (int64_t)q->epss_from)
		return false;
	if (q->epss_below && epss >= (int64_t)q->epss_below)
		return false;
	if (q->vulnerability_id && v->id != q->vulnerability_id)
		return false;
	return tu_str_ieq(tu_str_first(v->name, q->vulnerability.len), q->vulnerability);
}

static bool model_place_passes(const struct tu_list_filter *q, const struct tu_list_finding *f)
{
	if (q->component_id && f->component.id != q->component_id)
		return false;
	if (!tu_str_ieq(tu_str_first(f->component.name, q->component.len), q->component))
		return false;
	if (q->package.len && !tu_str_eq(f->component.package, q->package))
		return false;
	if (q->release_id && f->release.id != q->release_id)
		return false;
	if (q->device_count && !model_listed(q->device_ids, q->device_count, f->release.device_id))
		return false;
	return model_has(q->release_states, f->release.state);
}

static bool model_says(struct tu_str text, struct tu_str wanted)
{
	for (size_t i = 0; i + wanted.len <= text.len; i++)
		if (tu_str_ieq(tu_str_of(text.ptr + i, wanted.len), wanted))
			return true;
	return false;
}

static bool model_passes(const struct tu_list_filter *q, const struct tu_list_finding *f)
{
	if (!model_vuln_passes(q, &f->vulnerability) || !model_place_passes(q, f))
		return false;
	if (!model_has(q->verdicts, f->verdict) || !model_asks(q->fixable, f->fixable))
		return false;
	if (!model_has(q->states, f->state) || !model_asks(q->closed, f->closed) ||
		!model_has(q->statuses, f->status) || !model_has(q->risks, f->risk))
		return false;
	if (f->harm < q->harm_from || (q->harm_below && f->harm >= q->harm_below))
		return false;
	if (f->first_seen < model_floor(q->seen_since) ||
		(q->seen_before && f->first_seen >= model_floor(q->seen_before)))
		return false;
	if (!model_asks(q->deadline, f->deadline != 0))
		return false;
	if (q->deadline_before && (!f->deadline || f->deadline >= model_floor(q->deadline_before)))
		return false;
	return !q->text.len || model_says(f->vulnerability.name, q->text) ||
		model_says(f->component.name, q->text) || model_says(f->component.purl, q->text);
}

#endif
