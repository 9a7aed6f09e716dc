#include "portfolio/dry_run.h"

#include "assess/publish.h"
#include "base/vec.h"

struct running {
	struct tu_work *w;
	const struct tu_decide_all *all;
	TU_VEC(struct tu_dry_release) releases;
	TU_VEC(struct tu_dry_statement) statements;
	struct tu_str conflict;
	size_t looked;
	/* of the device at hand: what is approved, then the new ones */
	const struct tu_decision **decisions;
	size_t before, after;
};

static bool is_new(const struct running *r, const struct tu_decision *decision)
{
	for (size_t i = r->before; i < r->after; i++)
		if (r->decisions[i] == decision)
			return true;
	return false;
}

/* ---- a release ---- */

/* Both results are of the same findings in the same order. */
static void count(struct running *r, const struct tu_assess_result *now,
	const struct tu_assess_result *then, struct tu_dry_release *out)
{
	for (size_t i = 0; i < then->count; i++) {
		const struct tu_assessment *a = &then->assessments[i];
		bool was = tu_assess_is_closed(&now->assessments[i]), is = tu_assess_is_closed(a);
		bool applies = (a->state == TU_ASSESS_DECIDED || a->state == TU_ASSESS_CARRIED) &&
			is_new(r, a->decision);

		out->applies += applies;
		out->closes += applies && is && !was;
		out->opens += was && !is;
	}
	out->looked = true;
}

static enum tu_status look_at(struct running *r, struct tu_look *look, struct tu_dry_release *out,
	const struct tu_assess_result **out_then, struct tu_error *err)
{
	struct tu_error inner = {0};
	enum tu_status status =
		tu_app_assess_again(&look->answer, r->decisions, r->after, out_then, &inner);

	if (status == TU_E_SYNTAX) {
		*out_then = NULL;
		return tu_work_dup(r->w, tu_str_c(inner.message), &r->conflict, err);
	}
	if (status != TU_OK) {
		if (err)
			*err = inner;
		return status;
	}
	count(r, look->answer.result, *out_then, out);
	return TU_OK;
}

/* ---- statements ---- */

struct stating {
	struct tu_look *look;
};

static enum tu_status read_sbom(
	void *self, size_t release, const struct tu_inventory **out_inventory, struct tu_error *err)
{
	const struct stating *s = self;

	(void)err;
	*out_inventory =
		release == s->look->answer.input.release ? s->look->prepared.inventory : NULL;
	return TU_OK;
}

static void tell_release(void *self, size_t release, bool stated)
{
	(void)self, (void)release, (void)stated;
}

/* What would be stated of the release that was decided on, by the new ones. */
static enum tu_status state(struct running *r, const struct tu_decide_one *one,
	const struct tu_assess_result *then, struct tu_error *err)
{
	struct tu_arena *arena = r->w->arena;
	struct stating s = {one->look};
	const char *id = tu_decide__c_text(arena, one->decision->vulnerability);
	struct tu_issue *issue = tu_arena_alloc(arena, sizeof(*issue));
	const struct tu_publish_input input = {.arena = arena,
		.device = one->look->settling.model,
		.decisions = r->decisions,
		.decision_count = r->after,
		.assessed = then,
		.release = tu_decide__c_text(arena, one->look->release.version),
		.ids = &id,
		.id_count = 1,
		.kb = one->look->kb,
		.at = tu_work_seconds(r->w),
		.read_sbom = read_sbom,
		.tell_release = tell_release,
		.self = &s};
	size_t expired = 0;
	enum tu_status status;

	if (!id || !issue || !input.release)
		return tu_no_memory(err);
	status = tu_assess__publish(&input, issue, &expired, err);
	for (size_t i = 0; i < issue->entry_count && status == TU_OK; i++)
		if (tu_str_eq(issue->entries[i].file, one->decision->file) &&
			!TU_VEC_PUSH_IN(arena, &r->statements,
				((struct tu_dry_statement){one->look->device.name,
					one->look->release.version, &issue->entries[i]})))
			status = tu_no_memory(err);
	return status;
}

/* ---- a device ---- */

static enum tu_status gather(struct running *r, size_t first, struct tu_error *err)
{
	const struct tu_look *look = r->all->at[first].look;
	const struct tu_assessment_rows *rows = &look->settling.assessments;

	r->decisions = tu_arena_array(
		r->w->arena, rows->approved_count + r->all->count, sizeof(*r->decisions));
	if (!r->decisions)
		return tu_no_memory(err);
	r->before = look->conflict.len ? 0 : rows->approved_count;
	for (size_t i = 0; i < r->before; i++)
		r->decisions[i] = rows->approved[i];
	r->after = r->before;
	for (size_t i = first; i < r->all->count; i++) {
		const struct tu_decide_one *one = &r->all->at[i];

		if (one->decision && one->look->device.id == look->device.id)
			r->decisions[r->after++] = one->decision;
	}
	return TU_OK;
}

static struct tu_look *known_look(const struct running *r, const struct tu_release_row *release)
{
	for (size_t i = 0; i < r->all->count; i++)
		if (r->all->at[i].look && r->all->at[i].look->release.id == release->id)
			return r->all->at[i].look;
	return NULL;
}

static enum tu_status state_all(struct running *r, const struct tu_look *look,
	const struct tu_assess_result *then, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < r->all->count && status == TU_OK && then; i++)
		if (r->all->at[i].decision && r->all->at[i].look == look)
			status = state(r, &r->all->at[i], then, err);
	return status;
}

static enum tu_status run_release(struct running *r, const struct tu_look *first,
	const struct tu_release_row *release, struct tu_error *err)
{
	struct tu_dry_release row = {.device = first->device.name, .release = release->version};
	struct tu_look *look = known_look(r, release);
	const struct tu_assess_result *then = NULL;
	struct tu_look other;
	enum tu_status status = TU_OK;

	if (!look && release->sbom_id && r->looked < TU_DRY_RUN_RELEASES) {
		r->looked++;
		status = tu_look_again(r->w, first, release, &other, err);
		look = &other;
	}
	if (look && status == TU_OK)
		status = look_at(r, look, &row, &then, err);
	if (look && status == TU_OK)
		status = state_all(r, look, then, err);
	if (status == TU_OK && release->sbom_id && !TU_VEC_PUSH_IN(r->w->arena, &r->releases, row))
		status = tu_no_memory(err);
	return status;
}

static enum tu_status run_device(struct running *r, size_t first, struct tu_error *err)
{
	const struct tu_look *look = r->all->at[first].look;
	struct tu_release_rows rows = {0};
	enum tu_status status = gather(r, first, err);

	if (status == TU_OK)
		status = tu_release_list(r->w, look->device.id, &rows, err);
	for (size_t i = 0; i < rows.count && status == TU_OK; i++)
		status = run_release(r, look, &rows.at[i], err);
	return status;
}

static bool is_first_of_device(const struct tu_decide_all *all, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (all->at[i].decision &&
			all->at[i].look->device.id == all->at[at].look->device.id)
			return false;
	return all->at[at].decision != NULL;
}

enum tu_status tu_dry_run(struct tu_work *w, const struct tu_decide_all *all,
	struct tu_dry_run *out, struct tu_error *err)
{
	struct running r = {.w = w, .all = all};
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < all->count && status == TU_OK; i++)
		if (is_first_of_device(all, i))
			status = run_device(&r, i, err);
	*out = (struct tu_dry_run){.releases = r.releases.at,
		.release_count = r.releases.count,
		.statements = r.statements.at,
		.statement_count = r.statements.count,
		.conflict = r.conflict};
	return status;
}

/* ---- premises ---- */

static bool same_version(const struct tu_premises *a, const struct tu_premises *b)
{
	return tu_str_eq(a->version, b->version);
}

static bool same_component(const struct tu_premises *a, const struct tu_premises *b)
{
	return tu_str_eq(a->component, b->component);
}

static bool same_advisory(const struct tu_premises *a, const struct tu_premises *b)
{
	return tu_str_eq(a->advisory, b->advisory) && tu_str_eq(a->source, b->source) &&
		tu_str_eq(a->advisory_digest, b->advisory_digest);
}

static bool same_kev(const struct tu_premises *a, const struct tu_premises *b)
{
	return a->kev == b->kev;
}

static bool same_score(const struct tu_premises *a, const struct tu_premises *b)
{
	return a->score_tenths == b->score_tenths;
}

static bool same_epss(const struct tu_premises *a, const struct tu_premises *b)
{
	return a->epss == b->epss;
}

const struct tu_premise_word tu_premise_words[] = {
	{"component", same_component},
	{"version", same_version},
	{"advisory", same_advisory},
	{"kev", same_kev},
	{"score", same_score},
	{"epss", same_epss},
};
const size_t tu_premise_word_count = sizeof(tu_premise_words) / sizeof(*tu_premise_words);

/* ---- who else ---- */

static bool is_offered(const struct tu_list_finding *f, const struct tu_decide_one *one)
{
	return f->release.device_id != one->look->device.id &&
		tu_str_ieq(f->vulnerability.name, one->decision->vulnerability) &&
		f->state != TU_LIST_DECIDED && f->state != TU_LIST_CARRIED;
}

enum tu_status tu_offers_of(struct tu_arena *arena, const struct tu_list_snapshot *snapshot,
	const struct tu_decide_one *one, struct tu_offers *out, struct tu_error *err)
{
	const struct tu_list_scope everything = {.everything = true};
	const struct tu_list_filter filter = {.vulnerability = one->decision->vulnerability,
		.package = one->finding.component->package};
	const struct tu_list_query query = {.kind = TU_LIST_FINDINGS,
		.filter = &filter,
		.scope = one->look->scope ? one->look->scope : &everything,
		.sort = TU_LIST_BY_NAME,
		.page_size = TU_LIST_PAGE_MAX};
	TU_VEC(struct tu_offer) offers = {0};
	struct tu_list_page page;
	enum tu_status status = tu_list_page(arena, snapshot, &query, &page, err);

	*out = (struct tu_offers){0};
	for (size_t i = 0; status == TU_OK && i < page.count; i++) {
		size_t k = 0;

		if (!is_offered(&page.findings[i], one))
			continue;
		while (k < offers.count && !tu_str_eq(offers.at[k].device, page.findings[i].device))
			k++;
		if (k == offers.count &&
			!TU_VEC_PUSH_IN(
				arena, &offers, ((struct tu_offer){page.findings[i].device, 0})))
			return tu_no_memory(err);
		offers.at[k].findings++;
	}
	if (status == TU_OK)
		*out = (struct tu_offers){offers.at, offers.count, page.next.len > 0};
	return status;
}
