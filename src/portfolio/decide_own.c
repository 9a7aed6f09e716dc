#include "portfolio/decide_own.h"

#include "base/time.h"
#include "portfolio/actor.h"
#include "portfolio/deadlines.h"

enum { TEXT_MAX_BYTES = 1 << 20, NAMES_MAX = 1000, NAME_BYTES = 150 };

struct proposing {
	struct tu_work *w;
	const struct tu_decide_own *own;
	struct tu_device_row device;
	struct tu_settling settling;
	const struct tu_assessment_row *supersedes; /* NULL: none */
	struct tu_decide_request stated;
	struct tu_deciding deciding;
	struct tu_str name, text;
	const struct tu_decision *decision; /* as read back */
};

/* ---- where ---- */

static enum tu_status check_releases(struct proposing *p, struct tu_error *err)
{
	const struct tu_decide_own *own = p->own;
	struct tu_release_row row;
	enum tu_status status = TU_OK;

	if (!own->release_count || own->release_count > TU_DECIDE_OWN_RELEASES_MAX)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/releases"},
			"name 1 to %d releases", TU_DECIDE_OWN_RELEASES_MAX);
	for (size_t i = 0; i < own->release_count && status == TU_OK; i++) {
		status = tu_release_find(p->w, &p->device, own->releases[i], &row, err);
		if (status == TU_E_NOTFOUND)
			return tu_fail_at(err, TU_E_USAGE,
				&(struct tu_error_place){.pointer = "/releases"},
				"the device has no release \"%.*s\"",
				TU_STR_FMT(tu_str_first(own->releases[i], 60)));
	}
	return status;
}

/* A name that no SBOM of the device has would be stated of nothing. Where there is no SBOM nobody
 * knows. */
static enum tu_status check_component(struct proposing *p, struct tu_error *err)
{
	struct tu_rows *rows;
	int64_t named, sboms;
	enum tu_status status = tu_tx_row(p->w->tx, TU_SQL_DEVICE_COMPONENTS_NAMED,
		TU_BIND(tu_int(p->device.id), tu_text(p->own->component)), &rows, err);

	if (status != TU_OK)
		return status;
	named = tu_rows_int(rows, 0);
	sboms = tu_rows_int(rows, 1);
	status = tu_rows_close(rows, err);
	if (status == TU_OK && sboms && !named)
		return tu_fail_at(err, TU_E_USAGE,
			&(struct tu_error_place){.pointer = "/component"},
			"no SBOM of the device has a component of this name");
	return status;
}

static enum tu_status find_superseded(struct proposing *p, struct tu_error *err)
{
	const struct tu_assessment_rows *rows = &p->settling.assessments;
	struct tu_str wanted = p->own->supersedes;

	for (size_t i = 0; wanted.len && i < rows->count; i++)
		if (tu_str_eq(rows->at[i].public_id, wanted))
			p->supersedes = &rows->at[i];
	if (!wanted.len)
		return TU_OK;
	if (!p->supersedes ||
		tu_decision_is_superseded(p->supersedes->decision, rows->all, rows->count))
		return tu_fail(err, TU_E_CONFLICT, 0,
			"the decision that it supersedes is not current any more");
	if (!tu_decision_is_about(p->supersedes->decision, p->own->row->vuln))
		return tu_fail(err, TU_E_USAGE, 0,
			"decision %.*s, which it supersedes, is about something else",
			TU_STR_FMT(p->supersedes->name));
	return TU_OK;
}

static enum tu_status begin(struct proposing *p, struct tu_error *err)
{
	enum tu_status status = tu_device_find(p->w, p->own->part->device, &p->device, err);

	if (status == TU_OK)
		status = tu_settling_begin(p->w, &p->device, p->own->kb, &p->settling, err);
	p->settling.reader = p->own->reader;
	p->settling.strict = true;
	if (status == TU_OK)
		status = check_releases(p, err);
	if (status == TU_OK)
		status = check_component(p, err);
	return status ? status : find_superseded(p, err);
}

/* ---- what is stated ---- */

/* The person's name, else login; else the actor as recorded. */
static enum tu_status name_decider(struct proposing *p, struct tu_error *err)
{
	struct tu_actor_person person;
	struct tu_str by;
	enum tu_status status;

	if (p->stated.by)
		return TU_OK;
	status = tu_actor_person(p->w, p->w->act->actor, &person, err);
	if (status != TU_OK)
		return status;
	by = person.name.len ? person.name : person.login.len ? person.login : p->w->act->actor;
	p->stated.by = tu_decide__c_text(p->w->arena, by);
	return p->stated.by ? TU_OK : tu_no_memory(err);
}

/* Deadlines run from when the case was learned of. */
static enum tu_status name_learned(struct proposing *p, struct tu_error *err)
{
	struct tu_buf text;

	if (p->stated.learned)
		return TU_OK;
	tu_buf_init(&text, 64);
	tu_time_write(p->own->part->learned_at / 1000000, &text);
	p->stated.learned = text.failed ? NULL : tu_decide__c_text(p->w->arena, tu_buf_str(&text));
	tu_buf_done(&text);
	return p->stated.learned ? TU_OK : tu_no_memory(err);
}

static enum tu_status missing(struct tu_error *err, const char *pointer)
{
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = pointer},
		"nothing proposes it where there is no finding: state it");
}

/* Where the risk is not stated it is that of the matrix; a hole in it is uncontrolled. */
static enum tu_status fill_risk(struct proposing *p, struct tu_error *err)
{
	const struct tu_device *model = p->settling.model;
	struct tu_decision *decision = &p->deciding.decision;

	if (decision->status != TU_CLAIM_AFFECTED)
		return TU_OK;
	if (!decision->exploitability.len)
		return missing(err, "/exploitability");
	if (!decision->harm)
		return missing(err, "/harm");
	if (!decision->risk)
		decision->risk = tu_device_risk(
			model, tu_device_band(model, decision->exploitability), decision->harm);
	if (!decision->risk)
		decision->risk = TU_RISK_UNCONTROLLED;
	return TU_OK;
}

static enum tu_status fill(struct proposing *p, struct tu_error *err)
{
	const struct tu_decide_own *own = p->own;
	struct tu_decision *decision = &p->deciding.decision;
	enum tu_status status = tu_decide_fill_stated(&p->deciding, err);

	decision->vulnerability = own->row->vuln;
	decision->aliases = own->aliases;
	decision->component = (struct tu_selector){.name = own->component};
	decision->validity.releases = (struct tu_texts){own->releases, own->release_count};
	if (p->supersedes)
		decision->supersedes = p->supersedes->approved
			? p->supersedes->decision->id
			: p->supersedes->decision->supersedes;
	if (status == TU_OK)
		status = fill_risk(p, err);
	return status ? status : tu_decide_fill_times(&p->deciding, err);
}

/* ---- the text ---- */

/* That of the proposal whose place it takes; else one that is free. */
static enum tu_status choose_name(struct proposing *p, struct tu_error *err)
{
	struct tu_str release = tu_str_first(p->own->releases[0], NAME_BYTES / 2);
	bool free_one = false, fine = true;
	struct tu_buf text;

	if (p->supersedes && !p->supersedes->approved) {
		p->name = p->supersedes->name;
		return TU_OK;
	}
	tu_buf_init(&text, 2 * NAME_BYTES);
	for (int n = 1; n < NAMES_MAX && !free_one && fine; n++) {
		text.len = 0;
		tu_buf_printf(
			&text, "%.*s-%.*s", TU_STR_FMT(p->own->row->vuln), TU_STR_FMT(release));
		if (n > 1)
			tu_buf_printf(&text, "-%d", n);
		for (size_t i = 0; i < text.len; i++)
			if (!tu_char_is_alnum(text.ptr[i]) && text.ptr[i] != '.' &&
				text.ptr[i] != '_')
				text.ptr[i] = '-';
		tu_buf_c(&text, ".yaml");
		fine = !text.failed;
		free_one =
			fine && !tu_assessment_named(&p->settling.assessments, tu_buf_str(&text));
	}
	fine = fine && tu_arena_dup(p->w->arena, tu_buf_str(&text), &p->name);
	tu_buf_done(&text);
	if (!fine)
		return tu_no_memory(err);
	return free_one ? TU_OK : tu_fail(err, TU_E_LIMIT, 0, "too many decisions have this name");
}

static enum tu_status write_text(struct proposing *p, struct tu_error *err)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	tu_decision_write(&p->deciding.decision, &text);
	fine = !text.failed && tu_arena_dup(p->w->arena, tu_buf_str(&text), &p->text);
	tu_buf_done(&text);
	if (!fine)
		return tu_fail(err, TU_E_LIMIT, 0, "the decision is larger than it may be");
	return tu_decision_read(p->w->arena, p->name, p->text, NULL, &p->decision, err);
}

/* Those that will be beside it. */
static enum tu_status gather_others(struct proposing *p, struct tu_error *err)
{
	const struct tu_assessment_rows *rows = &p->settling.assessments;
	struct tu_device_folder *folder = &p->deciding.assessing.folder;
	const struct tu_decision **others =
		tu_arena_array(p->w->arena, rows->count, sizeof(*others));
	struct tu_deadlines_of of = {0};
	enum tu_status status = others ? TU_OK : tu_no_memory(err);

	if (status == TU_OK)
		status = tu_case_more_events(p->w, p->device.id, &of, err);
	if (status != TU_OK)
		return status;
	*folder = (struct tu_device_folder){
		.arena = p->w->arena, .device = p->settling.model, .decisions = others};
	for (size_t i = 0; i < rows->count; i++)
		if (&rows->at[i] != p->supersedes || p->supersedes->approved)
			others[folder->decision_count++] = rows->at[i].decision;
	p->deciding.more_events = of.more;
	p->deciding.more_event_count = of.more_count;
	p->deciding.assessing.input.kb = p->own->kb;
	return TU_OK;
}

/* One that says something else of the same release and is not superseded. */
static enum tu_status look_around(const struct proposing *p, struct tu_error *err)
{
	const struct tu_assessment_rows *rows = &p->settling.assessments;

	for (size_t i = 0; i < rows->count; i++) {
		const struct tu_decision *other = rows->at[i].decision;
		const struct tu_decision *pair[] = {other, p->decision};
		struct tu_error ignored = {0};

		if (&rows->at[i] == p->supersedes ||
			tu_decision_is_superseded(other, rows->all, rows->count) ||
			tu_decisions_check(pair, TU_COUNT(pair), &ignored) == TU_OK)
			continue;
		return tu_fail(err, TU_E_CONFLICT, 0,
			"decision %.*s (%s, %s) is about this release already: look at it, and "
			"supersede it",
			TU_STR_FMT(rows->at[i].name),
			rows->at[i].approved ? "approved" : "proposed",
			tu_claim_status_name(other->status));
	}
	return TU_OK;
}

static enum tu_status compose(struct proposing *p, struct tu_error *err)
{
	enum tu_status status = name_decider(p, err);

	if (status == TU_OK)
		status = name_learned(p, err);
	p->deciding = (struct tu_deciding){.request = &p->stated, .now = tu_work_seconds(p->w)};
	if (status == TU_OK)
		status = gather_others(p, err);
	if (status == TU_OK)
		status = fill(p, err);
	if (status == TU_OK)
		status = choose_name(p, err);
	if (status == TU_OK)
		status = write_text(p, err);
	if (status == TU_OK)
		status = look_around(p, err);
	return status ? status : tu_decide_check(&p->deciding, p->decision, err);
}

enum tu_status tu_decide_own_propose(struct tu_work *w, const struct tu_decide_own *own,
	struct tu_str *out_id, struct tu_error *err)
{
	struct proposing p = {.w = w, .own = own, .stated = *own->stated};
	const struct tu_assessment_text one = {0};
	struct tu_assessment_text list[] = {one};
	const struct tu_assessment_row *row;
	size_t added = 0;
	enum tu_status status;

	if (!own->row->own)
		return tu_fail(err, TU_E_USAGE, 0,
			"the case has findings: decide on these (POST /v1/decisions)");
	status = begin(&p, err);
	if (status == TU_OK)
		status = compose(&p, err);
	list[0] = (struct tu_assessment_text){p.name, p.text};
	if (status == TU_OK)
		status = tu_assessment_propose(
			w, &p.device, &(struct tu_assessment_texts){list, 1}, &added, err);
	if (status == TU_OK)
		status = tu_assessment_list(w, p.device.id, &p.settling.assessments, err);
	if (status == TU_OK)
		status = tu_settle_device(w, &p.settling, err);
	row = status ? NULL : tu_assessment_named(&p.settling.assessments, p.name);
	if (row)
		*out_id = row->public_id;
	return status;
}
