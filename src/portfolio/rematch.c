#include "portfolio/rematch.h"

#include <stdlib.h>

#include "base/intern.h"
#include "portfolio/case_keep.h"

#define NAMES_MAX ((size_t)1 << 30)

/* ---- the plan ---- */

enum tu_status tu_rematch_plan(struct tu_arena *arena, const struct tu_kb *old_kb,
	const struct tu_kb *new_kb, struct tu_rematch_plan *out, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	*out = (struct tu_rematch_plan){.arena = arena, .old_kb = old_kb, .new_kb = new_kb};
	out->keys.all = true;
	if (!old_kb)
		return TU_OK;
	status = tu_kb_compare(arena, old_kb, new_kb, &out->diff, err);
	if (status == TU_OK && !tu_match__touched(arena, old_kb, new_kb, out->diff, &out->keys))
		status = tu_no_memory(err);
	return status;
}

/* ---- what is in hand ---- */

struct component {
	int64_t id;
	struct tu_str identity;
	bool known;
};

struct stored {
	int64_t component_id, vuln_id;
	struct tu_str vuln, verdict, reason, fixed;
};

struct rematch {
	struct tu_work *w;
	const struct tu_rematch_plan *plan;
	struct tu_rematch_summary *summary;
	TU_VEC(struct component) components; /* by id */
	TU_VEC(struct stored) stored; /* by component and name */
	size_t next_stored;
	struct tu_batch added, changed, removed, known, due_components, due_vulns;
	TU_VEC(uint32_t) vulns; /* of new facts */
	TU_VEC(struct tu_change) changes;
	TU_VEC(int64_t) fresh; /* the component of each new fact */
	size_t unread; /* devices of which no deadline could be kept */
	bool failed;
};

static enum tu_status mark_touched(struct rematch *r, struct tu_error *err)
{
	struct tu_batch keys = {.w = r->w};
	enum tu_status status = tu_work_exec(r->w, TU_SQL_TOUCHED_CLEAR, TU_NO_BIND, err);

	if (status != TU_OK)
		return status;
	if (r->plan->keys.all)
		return tu_work_exec(r->w, TU_SQL_TOUCHED_ADD_ALL, TU_BIND(tu_int(0)), err);
	for (size_t i = 0; i < r->plan->keys.list.count; i++)
		tu_batch_add(&keys, TU_BIND(tu_text(r->plan->keys.list.at[i])));
	return tu_batch_run(&keys, TU_SQL_TOUCHED_ADD_KEY, err);
}

static enum tu_status read_components(struct rematch *r, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(r->w->tx, TU_SQL_TOUCHED_LIST, TU_NO_BIND, &rows, err);

	if (status != TU_OK)
		return status;
	while (!r->failed && tu_rows_next(rows)) {
		struct component c = {.id = tu_rows_int(rows, 0), .known = tu_rows_int(rows, 2)};

		r->failed = !tu_arena_dup(r->w->arena, tu_rows_text(rows, 1), &c.identity) ||
			!TU_VEC_PUSH_IN(r->w->arena, &r->components, c);
	}
	status = tu_rows_close(rows, err);
	return status || !r->failed ? status : tu_no_memory(err);
}

static enum tu_status read_facts(struct rematch *r, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(r->w->tx, TU_SQL_TOUCHED_FACTS, TU_NO_BIND, &rows, err);

	if (status != TU_OK)
		return status;
	while (!r->failed && tu_rows_next(rows)) {
		struct stored s = {
			.component_id = tu_rows_int(rows, 0), .vuln_id = tu_rows_int(rows, 1)};
		struct tu_str *const texts[] = {&s.vuln, &s.verdict, &s.reason, &s.fixed};

		for (unsigned i = 0; i < TU_COUNT(texts) && !r->failed; i++)
			r->failed = !tu_arena_dup(r->w->arena, tu_rows_text(rows, i + 2), texts[i]);
		r->failed = r->failed || !TU_VEC_PUSH_IN(r->w->arena, &r->stored, s);
	}
	status = tu_rows_close(rows, err);
	return status || !r->failed ? status : tu_no_memory(err);
}

/* ---- a component's facts, before and now ---- */

static void add_fact(struct rematch *r, int64_t component, const struct tu_vuln_fact *f)
{
	tu_batch_add(&r->added,
		TU_BIND(tu_int(component), tu_text(f->vuln),
			tu_text(tu_str_c(tu_match_verdict_name(f->verdict))),
			tu_text(tu_str_c(tu_reason_name(f->reason))), tu_text_opt(f->fixed),
			tu_int(r->w->act->at)));
	r->failed = r->failed || !TU_VEC_PUSH_IN(r->w->arena, &r->vulns, f->index) ||
		!TU_VEC_PUSH_IN(r->w->arena, &r->fresh, component);
	r->summary->facts_added++;
}

/* Says whether it differs. */
static bool change_fact(struct rematch *r, const struct stored *old, const struct tu_vuln_fact *f)
{
	struct tu_str verdict = tu_str_c(tu_match_verdict_name(f->verdict));
	struct tu_str reason = tu_str_c(tu_reason_name(f->reason));

	if (tu_str_eq(old->verdict, verdict) && tu_str_eq(old->reason, reason) &&
		tu_str_eq(old->fixed, f->fixed))
		return false;
	tu_batch_add(&r->changed,
		TU_BIND(tu_int(old->component_id), tu_int(old->vuln_id), tu_text(verdict),
			tu_text(reason), tu_text_opt(f->fixed)));
	r->summary->facts_changed++;
	return true;
}

/* Both lists are by name: one walk. */
static bool replace_facts(struct rematch *r, int64_t component, const struct tu_facts *now)
{
	size_t new_at = 0;
	bool differs = false;

	while (new_at < now->count ||
		(r->next_stored < r->stored.count &&
			r->stored.at[r->next_stored].component_id == component)) {
		const struct stored *old = r->next_stored < r->stored.count &&
				r->stored.at[r->next_stored].component_id == component
			? &r->stored.at[r->next_stored]
			: NULL;
		int order = !old	       ? 1
			: new_at == now->count ? -1
					       : tu_str_cmp(old->vuln, now->at[new_at].vuln);

		if (order > 0) {
			add_fact(r, component, &now->at[new_at]);
		} else if (order < 0) {
			tu_batch_add(&r->removed, TU_BIND(tu_int(component), tu_int(old->vuln_id)));
			r->summary->facts_removed++;
		}
		differs |= order ? true : change_fact(r, old, &now->at[new_at]);
		new_at += order >= 0;
		r->next_stored += order <= 0;
	}
	return differs;
}

static enum tu_status match_again(
	struct rematch *r, const struct component *c, struct tu_error *err)
{
	/* what is kept of it borrows from the knowledge base or goes into the work's arena */
	struct tu_facts now;
	enum tu_status status =
		tu_facts_match(r->w->arena, r->plan->new_kb, c->identity, &now, err);
	bool differs;

	if (status != TU_OK)
		return status;
	while (r->next_stored < r->stored.count &&
		r->stored.at[r->next_stored].component_id < c->id)
		r->next_stored++;
	differs = replace_facts(r, c->id, &now);
	if (differs || now.known != c->known)
		r->failed = r->failed ||
			!TU_VEC_PUSH_IN(
				r->w->arena, &r->changes, (struct tu_change){"component", c->id});
	if (now.known != c->known)
		tu_batch_add(&r->known, TU_BIND(tu_int(c->id), tu_int(now.known)));
	/* where more than the systems beside it counts, the release as a whole is asked; one that
	 * has data now, or none any more, is counted again */
	if (differs || now.platform || now.known != c->known)
		tu_batch_add(&r->due_components, TU_BIND(tu_int(c->id)));
	r->summary->matched++;
	return r->failed ? tu_no_memory(err) : TU_OK;
}

static enum tu_status write_facts(struct rematch *r, struct tu_error *err)
{
	enum tu_status status =
		tu_settle__vulns(r->w, r->plan->new_kb, r->vulns.at, r->vulns.count, err);

	if (status == TU_OK)
		status = tu_batch_run(&r->removed, TU_SQL_FACT_REMOVE, err);
	if (status == TU_OK)
		status = tu_batch_run(&r->changed, TU_SQL_FACT_CHANGE, err);
	if (status == TU_OK)
		status = tu_batch_run(&r->added, TU_SQL_FACT_PUT, err);
	return status ? status : tu_batch_run(&r->known, TU_SQL_COMPONENT_KNOWN, err);
}

/* ---- vulnerabilities ---- */

struct names {
	struct tu_intern *names;
	TU_VEC(int64_t) ids;
};

static enum tu_status read_names(struct rematch *r, struct names *names, struct tu_error *err)
{
	struct tu_rows *rows;
	uint32_t id;
	enum tu_status status = tu_tx_query(r->w->tx, TU_SQL_VULN_NAMES, TU_NO_BIND, &rows, err);

	if (status != TU_OK)
		return status;
	while (!r->failed && tu_rows_next(rows))
		r->failed = !tu_intern_add(names->names, tu_rows_text(rows, 1), &id) ||
			!TU_VEC_PUSH_IN(r->w->arena, &names->ids, tu_rows_int(rows, 0));
	status = tu_rows_close(rows, err);
	return status || !r->failed ? status : tu_no_memory(err);
}

static void change_vuln(struct rematch *r, struct tu_batch *batch, int64_t id, uint32_t index)
{
	const struct tu_vuln_row v = tu_vuln_row_of(r->plan->new_kb, index);
	struct tu_str by;

	r->failed = r->failed || !tu_vuln_exploited_by(r->w->arena, r->plan->new_kb, index, &by);
	if (r->failed)
		return;
	tu_batch_add(batch,
		TU_BIND(tu_int(id), tu_text_opt(v.title), tu_int(v.severity), tu_int(v.score),
			tu_int(v.kev), tu_int(v.epss), tu_int(v.modified), tu_int(v.withdrawn),
			tu_int(r->w->act->at), tu_text(by)));
	tu_batch_add(&r->due_vulns, TU_BIND(tu_int(id)));
	r->failed = r->failed ||
		!TU_VEC_PUSH_IN(r->w->arena, &r->changes, (struct tu_change){"vulnerability", id});
	r->summary->vulnerabilities++;
}

/* Of the store's, those that changed; all of them without an old file to compare with. */
static enum tu_status change_vulns(
	struct rematch *r, const struct names *names, struct tu_error *err)
{
	const struct tu_kb_diff *diff = r->plan->diff;
	struct tu_batch batch = {.w = r->w};

	for (size_t i = 0; diff && i < diff->change_count; i++) {
		uint32_t index = diff->changes[i].new_index, at;

		if (index == TU_KB_NONE)
			continue;
		at = tu_intern_find(names->names, tu_kb_vulnerability(r->plan->new_kb, index).id);
		if (at != TU_INTERN_NONE)
			change_vuln(r, &batch, names->ids.at[at], index);
	}
	for (uint32_t at = 0; !diff && at < names->ids.count; at++) {
		uint32_t index = tu_kb_find(r->plan->new_kb, tu_intern_str(names->names, at));

		if (index != TU_KB_NONE)
			change_vuln(r, &batch, names->ids.at[at], index);
	}
	return r->failed ? tu_no_memory(err) : tu_batch_run(&batch, TU_SQL_VULN_CHANGE, err);
}

static enum tu_status follow_scores(struct rematch *r, struct tu_error *err)
{
	struct names names = {.names = tu_intern_new(NAMES_MAX)};
	enum tu_status status = names.names ? read_names(r, &names, err) : tu_no_memory(err);

	if (status == TU_OK)
		status = change_vulns(r, &names, err);
	tu_intern_free(names.names);
	return status;
}

/* ---- new for us ---- */

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

struct reach {
	TU_VEC(int64_t) releases;
};

static enum tu_status count_component(struct rematch *r, struct reach *reach, int64_t component,
	size_t facts, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(
		r->w->tx, TU_SQL_COMPONENT_RELEASES, TU_BIND(tu_int(component)), &rows, err);

	if (status != TU_OK)
		return status;
	while (!r->failed && tu_rows_next(rows)) {
		r->failed = !TU_VEC_PUSH_IN(r->w->arena, &reach->releases, tu_rows_int(rows, 0));
		r->summary->new_findings += facts;
		if (tu_rows_int(rows, 1) > r->summary->worst_harm)
			r->summary->worst_harm = tu_rows_int(rows, 1);
	}
	status = tu_rows_close(rows, err);
	return status || !r->failed ? status : tu_no_memory(err);
}

static enum tu_status count_new(struct rematch *r, struct tu_error *err)
{
	struct reach reach = {0};
	enum tu_status status = TU_OK;

	for (size_t first = 0, end; first < r->fresh.count && status == TU_OK; first = end) {
		for (end = first; end < r->fresh.count && r->fresh.at[end] == r->fresh.at[first];)
			end++;
		status = count_component(r, &reach, r->fresh.at[first], end - first, err);
	}
	if (reach.releases.count)
		qsort(reach.releases.at, reach.releases.count, sizeof(int64_t), by_id);
	for (size_t i = 0; i < reach.releases.count; i++)
		r->summary->new_releases +=
			i == 0 || reach.releases.at[i] != reach.releases.at[i - 1];
	return status;
}

/* ---- the whole ---- */

static enum tu_status record(struct rematch *r, struct tu_error *err)
{
	const struct tu_rematch_summary *s = r->summary;
	struct tu_record record;

	tu_record_begin(&record, "rematch", "knowledge");
	tu_json_key(&record.json, "after");
	tu_json_open_object(&record.json);
	tu_json_member_int(&record.json, "matched", (int64_t)s->matched);
	tu_json_member_int(&record.json, "vulnerabilities", (int64_t)s->vulnerabilities);
	tu_json_member_int(&record.json, "facts_added", (int64_t)s->facts_added);
	tu_json_member_int(&record.json, "facts_changed", (int64_t)s->facts_changed);
	tu_json_member_int(&record.json, "facts_removed", (int64_t)s->facts_removed);
	tu_json_member_int(&record.json, "new_findings", (int64_t)s->new_findings);
	tu_json_member_int(&record.json, "new_releases", (int64_t)s->new_releases);
	tu_json_member_str(
		&record.json, "worst_harm", tu_str_c(tu_harm_name((enum tu_harm)s->worst_harm)));
	tu_json_close_object(&record.json);
	if (r->unread) /* of these, deadlines that started by what it lists were not kept */
		tu_json_member_int(&record.json, "devices_not_read", (int64_t)r->unread);
	return tu_record_add_changes(&record, r->w, r->changes.at, r->changes.count, err);
}

static enum tu_status match_all(struct rematch *r, struct tu_error *err)
{
	enum tu_status status = mark_touched(r, err);

	if (status == TU_OK)
		status = read_components(r, err);
	if (status == TU_OK)
		status = read_facts(r, err);
	for (size_t i = 0; i < r->components.count && status == TU_OK; i++)
		status = match_again(r, &r->components.at[i], err);
	return status;
}

static enum tu_status mark_due(struct rematch *r, struct tu_error *err)
{
	enum tu_status status = tu_batch_run(&r->due_components, TU_SQL_RELEASE_DUE_COMPONENT, err);

	if (status == TU_OK)
		status = tu_batch_run(&r->due_vulns, TU_SQL_RELEASE_DUE_VULN, err);
	return status ? status : tu_work_exec(r->w, TU_SQL_TOUCHED_CLEAR, TU_NO_BIND, err);
}

static enum tu_status name_new(
	struct rematch *r, const struct tu_knowledge_row *before, struct tu_error *err)
{
	struct tu_knowledge_row row;
	struct tu_kb_info info;
	enum tu_status status;

	tu_kb_info(r->plan->new_kb, &info);
	status = tu_knowledge_by_digest(r->w, info.sha256, &row, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_USAGE, 0, "the new knowledge base is not in the database");
	return status ? status : tu_knowledge_name(r->w, before, &row, err);
}

enum tu_status tu_rematch_apply(struct tu_work *w, const struct tu_rematch_plan *plan,
	const struct tu_knowledge_row *before, struct tu_rematch_summary *out_summary,
	struct tu_error *err)
{
	struct rematch r = {.w = w, .plan = plan, .summary = out_summary};
	struct tu_batch *const batches[] = {
		&r.added, &r.changed, &r.removed, &r.known, &r.due_components, &r.due_vulns};
	enum tu_status status;

	*out_summary = (struct tu_rematch_summary){0};
	for (size_t i = 0; i < TU_COUNT(batches); i++)
		batches[i]->w = w;
	/* what the one before lists may go with it */
	status = plan->old_kb ? tu_case_keep_exploited(w, plan->old_kb, &r.unread, err) : TU_OK;
	if (status == TU_OK)
		status = name_new(&r, before, err);
	if (status == TU_OK)
		status = match_all(&r, err);
	if (status == TU_OK)
		status = follow_scores(&r, err);
	if (status == TU_OK)
		status = write_facts(&r, err);
	if (status == TU_OK)
		status = count_new(&r, err);
	if (status == TU_OK)
		status = mark_due(&r, err);
	if (status == TU_OK) /* it may not be at hand any more when the next one comes */
		status = tu_case_keep_exploited(w, plan->new_kb, &r.unread, err);
	return status ? status : record(&r, err);
}
