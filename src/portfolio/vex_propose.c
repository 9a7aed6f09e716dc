#include "portfolio/vex_propose.h"

#include "app/triage.h"
#include "portfolio/decide.h"

enum { TEXT_MAX_BYTES = 256 << 10 };

struct proposing {
	struct tu_work *w;
	struct tu_vex_propose *p;
	struct tu_look look;
	const struct tu_vex_application *application;
	struct tu_decide_on *on;
	struct tu_decide_request *requests;
	size_t count;
};

/* ---- what a claim says ---- */

/* A word of CycloneDX as Dependency-Track has it: the same, in upper case. */
static struct tu_str upper(struct tu_arena *arena, struct tu_str word)
{
	char *text = tu_arena_text(arena, word.len);

	for (size_t i = 0; text && i < word.len; i++)
		text[i] = word.ptr[i] >= 'a' && word.ptr[i] <= 'z' ? (char)(word.ptr[i] - 32)
								   : word.ptr[i];
	return tu_str_of(text, text ? word.len : 0);
}

static bool write_rationale(
	const struct proposing *x, const struct tu_vex_claim *claim, struct tu_str *out)
{
	const struct tu_vex_document *d = x->p->document;
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	tu_buf_printf(&text, "From %.*s: a statement of %.*s", TU_STR_FMT(x->p->origin),
		TU_STR_FMT(claim->author.len	? claim->author
				: d->author.len ? d->author
						: TU_STR("an author who is not named")));
	if (claim->timestamp.len)
		tu_buf_printf(&text, ", %.*s", TU_STR_FMT(claim->timestamp));
	if (d->id.len)
		tu_buf_printf(&text, ", in %.*s", TU_STR_FMT(d->id));
	if (claim->state.len || claim->justification.len)
		tu_buf_printf(&text, ": %.*s %.*s", TU_STR_FMT(claim->state),
			TU_STR_FMT(claim->justification));
	tu_buf_byte(&text, '.');
	if (claim->notes.len)
		tu_buf_printf(&text, " %.*s", TU_STR_FMT(claim->notes));
	fine = !text.failed && tu_arena_dup(x->w->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine;
}

/* Its justification in whichever words: OpenVEX's and CSAF's are ours; CycloneDX's are those of
 * Dependency-Track. A word that is neither is no reason. */
static bool read_reason(
	const struct proposing *x, const struct tu_vex_claim *claim, struct tu_triage_as *out)
{
	struct tu_arena *arena = x->w->arena;
	const struct tu_triage triage = {.state = TU_STR("NOT_AFFECTED"),
		.justification = upper(arena, claim->justification),
		.details = tu_claim_detail(claim)};
	struct tu_error ignored = {0};

	*out = (struct tu_triage_as){.impact = tu_claim_detail(claim)};
	if (tu_justification_by_name(claim->justification, &out->justification))
		return true;
	if (tu_str_eq(claim->state, TU_STR("false_positive")) && !claim->justification.len) {
		const struct tu_triage false_one = {
			.state = TU_STR("FALSE_POSITIVE"), .details = triage.details};

		return tu_triage_read(arena, &false_one, out, &ignored) == TU_OK;
	}
	return tu_triage_read(arena, &triage, out, &ignored) == TU_OK;
}

static const char *c_or_null(struct tu_arena *arena, struct tu_str text, bool *fine)
{
	const char *copy = text.len ? tu_decide__c_text(arena, text) : NULL;

	*fine = *fine && (copy || !text.len);
	return copy;
}

/* False in `*out_says`: nothing is to be proposed, and it is counted why. */
static enum tu_status take_request(struct proposing *x, const struct tu_vex_claim *claim,
	struct tu_decide_request *out, bool *out_says, struct tu_error *err)
{
	struct tu_arena *arena = x->w->arena;
	struct tu_triage_as as = {0};
	struct tu_str action = claim->action, rationale;
	bool fine = true;

	*out_says = false;
	if (claim->status == TU_CLAIM_UNSTATED || claim->status == TU_CLAIM_UNDER_INVESTIGATION) {
		x->p->undecided++;
		return TU_OK;
	}
	if (claim->status == TU_CLAIM_NOT_AFFECTED && !read_reason(x, claim, &as)) {
		x->p->without_reason++;
		return TU_OK;
	}
	if (claim->status == TU_CLAIM_AFFECTED && !action.len)
		action = TU_STR("No remedy is stated yet");
	if (!write_rationale(x, claim, &rationale))
		return tu_no_memory(err);
	*out = (struct tu_decide_request){.members = true,
		.status = tu_claim_status_name(claim->status),
		.justification = as.justification ? tu_justification_name(as.justification) : NULL,
		.impact = c_or_null(arena, as.impact, &fine),
		.action = c_or_null(
			arena, claim->status == TU_CLAIM_AFFECTED ? action : TU_STR(""), &fine),
		.rationale = c_or_null(arena, rationale, &fine)};
	*out_says = true;
	return fine ? TU_OK : tu_no_memory(err);
}

/* ---- which finding ---- */

static bool stands(const struct proposing *x, const struct tu_look_finding *found)
{
	const struct tu_assessment_rows *rows = &x->look.settling.assessments;

	for (size_t i = 0; i < rows->count; i++)
		if (tu_decision_names_release(rows->at[i].decision, x->look.release.version) &&
			tu_assess_concerns(
				&x->look.answer.input, found->assessment->of, rows->at[i].decision))
			return true;
	return false;
}

static bool is_listed(const struct proposing *x, const struct tu_finding_name *name)
{
	for (size_t i = 0; i < x->count; i++)
		if (tu_str_eq(x->on[i].finding.vulnerability, name->vulnerability) &&
			tu_str_eq(x->on[i].finding.component, name->component))
			return true;
	return false;
}

/* The name of a finding of the match: of its vulnerability and the key of its component. */
static enum tu_status name_finding(struct proposing *x, const struct tu_finding *finding,
	struct tu_finding_name *out, struct tu_error *err)
{
	const struct tu_report *report = &x->look.answer.matching.report;
	struct tu_buf digits;
	bool found = false, fine = true;

	*out = (struct tu_finding_name){.release = x->p->release};
	for (size_t i = 0; i < report->row_count && !found; i++) {
		const struct tu_report_row *row = &report->rows[i];
		const struct tu_prepared *prepared = &x->look.prepared;

		if (row->finding != finding)
			continue;
		found = true;
		out->vulnerability = row->vulnerability->facts.id;
		tu_buf_init(&digits, 2 * TU_COMPONENT_DIGITS);
		tu_look_write_component(
			prepared->components[prepared->component_of[row->distinct->first]]
				.identity.key,
			&digits);
		fine = !digits.failed &&
			tu_arena_dup(x->w->arena, tu_buf_str(&digits), &out->component);
		tu_buf_done(&digits);
	}
	return fine ? TU_OK : tu_no_memory(err);
}

static enum tu_status take_link(
	struct proposing *x, const struct tu_vex_link *link, struct tu_error *err)
{
	const struct tu_match_result *match = x->look.answer.matching.report.result;
	const struct tu_vex_claim *claim = &x->p->document->claims[link->claim];
	struct tu_look_finding found;
	struct tu_finding_name name;
	struct tu_error none = {0};
	bool says = false;
	enum tu_status status = name_finding(x, &match->findings[link->finding], &name, err);

	if (status != TU_OK || !name.vulnerability.len || is_listed(x, &name) ||
		tu_look_find(&x->look, name.vulnerability, name.component, &found, &none) != TU_OK)
		return status;
	x->p->findings++;
	if (stands(x, &found)) {
		x->p->standing++;
		return TU_OK;
	}
	status = take_request(x, claim, &x->requests[x->count], &says, err);
	if (status == TU_OK && says) {
		x->on[x->count] =
			(struct tu_decide_on){.finding = name, .stated = &x->requests[x->count]};
		x->count++;
	}
	return status;
}

/* ---- all ---- */

static enum tu_status apply(struct proposing *x, struct tu_error *err)
{
	const char *name = "the VEX";
	const struct tu_vex_input input = {.documents = &x->p->document,
		.count = 1,
		.names = &name,
		.kb = x->look.kb,
		.inventory = x->look.answer.input.inventory,
		.match = x->look.answer.matching.report.result};
	enum tu_status status = tu_vex_apply(x->w->arena, &input, &x->application, err);

	for (size_t i = 0; status == TU_OK && i < TU_VEX_OUTCOMES; i++)
		x->p->outcomes[i] = x->application->counts[i];
	if (status == TU_OK)
		x->p->statements = x->application->result_count;
	return status;
}

static enum tu_status refuse(const struct proposing *x, struct tu_error *err)
{
	struct tu_buf why;
	enum tu_status status;

	tu_buf_init(&why, TU_ERROR_MESSAGE_MAX);
	for (size_t i = 0; i < TU_VEX_OUTCOMES; i++)
		if (x->p->outcomes[i])
			tu_buf_printf(&why, "; %zu: %s", x->p->outcomes[i],
				tu_vex_outcome_sentence((enum tu_vex_outcome)i));
	status = tu_fail(err, TU_E_USAGE, 0,
		"none of its %zu statements is about a finding of this release%.*s",
		x->p->statements, TU_STR_FMT(tu_buf_str(&why)));
	tu_buf_done(&why);
	return status;
}

static enum tu_status propose_all(struct proposing *x, struct tu_error *err)
{
	static const struct tu_decide_request nothing;
	enum tu_status status = TU_OK;

	for (size_t first = 0; first < x->count && status == TU_OK;) {
		struct tu_decide_ask ask = {.scope = x->p->scope,
			.kb = x->p->kb,
			.reader = x->p->reader,
			.stated = &nothing,
			.on = x->on + first,
			.count = x->count - first};
		struct tu_decide_all all;
		struct tu_str *ids;

		if (ask.count > TU_DECIDE_FINDINGS_MAX)
			ask.count = TU_DECIDE_FINDINGS_MAX;
		ids = tu_arena_array(x->w->arena, ask.count, sizeof(*ids));
		status = ids ? tu_decide_propose(x->w, &ask, &all, ids, err) : tu_no_memory(err);
		first += ask.count;
	}
	x->p->proposed = x->count;
	return status;
}

static void begin(struct tu_vex_propose *p)
{
	for (size_t i = 0; i < TU_VEX_OUTCOMES; i++)
		p->outcomes[i] = 0;
	p->statements = p->findings = p->proposed = p->standing = 0;
	p->undecided = p->without_reason = 0;
}

enum tu_status tu_vex_propose(struct tu_work *w, struct tu_vex_propose *p, struct tu_error *err)
{
	struct proposing *x = tu_arena_alloc(w->arena, sizeof(*x));
	enum tu_status status = x ? TU_OK : tu_no_memory(err);

	begin(p);
	if (status == TU_OK) {
		*x = (struct proposing){.w = w, .p = p};
		x->look = (struct tu_look){.scope = p->scope, .kb = p->kb, .reader = p->reader};
		status = tu_vex_read(w->arena, p->text, p->padded, &p->document, err);
	}
	if (status == TU_OK)
		status = tu_look_open(w, p->release, &x->look, err);
	if (status == TU_OK)
		status = apply(x, err);
	if (status != TU_OK)
		return status;
	x->on = tu_arena_array(w->arena, x->application->link_count, sizeof(*x->on));
	x->requests = tu_arena_array(w->arena, x->application->link_count, sizeof(*x->requests));
	if (!x->on || !x->requests)
		return tu_no_memory(err);
	for (size_t i = 0; i < x->application->link_count && status == TU_OK; i++)
		status = take_link(x, &x->application->links[i], err);
	if (status == TU_OK && !p->findings)
		return refuse(x, err);
	return status ? status : propose_all(x, err);
}
