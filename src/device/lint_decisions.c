/* Rules on decisions. A rule of level ERROR is one that a later command would refuse too;
 * `tutela decide` writes nothing that breaks one. */
#include "device/lint.h"

#include <tutela/buf.h>

/* "low, medium, high": what there is, for a message. */
static void list_word(struct tu_buf *out, struct tu_str word)
{
	tu_buf_c(out, out->len ? ", " : "");
	tu_buf_str_add(out, word);
}

static void tell_releases(struct linting *l, const struct tu_decision *decision, struct tu_str name)
{
	struct tu_buf known;

	tu_buf_init(&known, TU_LINT_MESSAGE_MAX);
	for (size_t i = 0; i < l->device->release_count; i++)
		list_word(&known, l->device->releases[i].version);
	tu_lint__tell(l, decision->file, decision->place,
		"names release %.*s, which does not exist; there are: %.*s", TU_STR_FMT(name),
		TU_STR_FMT(tu_buf_str(&known)));
	tu_buf_done(&known);
}

static void look_decision_releases(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++) {
		const struct tu_decision *decision = l->input->decisions[i];
		const struct tu_texts *named = &decision->validity.releases;

		for (size_t k = 0; k < named->count; k++)
			if (tu_device_release(l->device, named->at[k]) == TU_NO_RELEASE)
				tell_releases(l, decision, named->at[k]);
	}
}

static bool control_exists(const struct tu_device *device, struct tu_str id)
{
	for (size_t i = 0; i < device->control_count; i++)
		if (tu_str_eq(device->controls[i].id, id))
			return true;
	return false;
}

static void tell_controls(struct linting *l, const struct tu_decision *decision, struct tu_str id)
{
	struct tu_buf known;

	tu_buf_init(&known, TU_LINT_MESSAGE_MAX);
	for (size_t i = 0; i < l->device->control_count; i++)
		list_word(&known, l->device->controls[i].id);
	tu_lint__tell(l, decision->file, decision->place,
		"counts on a control \"%.*s\" that does not exist; there are: %.*s", TU_STR_FMT(id),
		TU_STR_FMT(known.len ? tu_buf_str(&known) : TU_STR("none")));
	tu_buf_done(&known);
}

static void look_decision_controls(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++) {
		const struct tu_decision *decision = l->input->decisions[i];

		for (size_t k = 0; k < decision->controls.count; k++)
			if (!control_exists(l->device, decision->controls.at[k]))
				tell_controls(l, decision, decision->controls.at[k]);
	}
}

static void tell_bands(struct linting *l, const struct tu_decision *decision)
{
	struct tu_buf known;

	tu_buf_init(&known, TU_LINT_MESSAGE_MAX);
	for (size_t i = 0; i < l->device->policy.band_count; i++)
		list_word(&known, l->device->policy.bands[i].name);
	tu_lint__tell(l, decision->file, decision->place,
		"exploitability \"%.*s\" is not a band of the policy; there are: %.*s",
		TU_STR_FMT(decision->exploitability), TU_STR_FMT(tu_buf_str(&known)));
	tu_buf_done(&known);
}

static void look_decision_bands(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++) {
		const struct tu_decision *decision = l->input->decisions[i];

		if (decision->exploitability.len &&
			tu_device_band(l->device, decision->exploitability) ==
				l->device->policy.band_count)
			tell_bands(l, decision);
	}
}

/* No format has a statement "affected" without advice. */
static void look_decision_actions(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++) {
		const struct tu_decision *decision = l->input->decisions[i];

		if (decision->status == TU_CLAIM_AFFECTED && !decision->action.text.len &&
			decision->action.remedy == TU_REMEDY_UNSTATED)
			tu_lint__tell(l, decision->file, decision->place,
				"says \"affected\" without an action or a remedy (action.text, "
				"action.remedy): no statement can be written from it");
	}
}

static void look_decision_events(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++) {
		const struct tu_decision *decision = l->input->decisions[i];

		for (size_t k = 0; k < decision->event_count; k++)
			if (!decision->events[k].evidence.len && !decision->events[k].corrected)
				tu_lint__tell(l, decision->file, decision->events[k].place,
					"event \"%.*s\" has no evidence: it stops no deadline",
					TU_STR_FMT(decision->events[k].name));
	}
}

static void look_decision_matrix(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++) {
		const struct tu_decision *decision = l->input->decisions[i];
		size_t band = tu_device_band(l->device, decision->exploitability);

		if (decision->risk == TU_RISK_CONTROLLED &&
			tu_device_risk(l->device, band, decision->harm) == TU_RISK_UNCONTROLLED)
			tu_lint__tell(l, decision->file, decision->place,
				"is decided controlled; the matrix says uncontrolled for %.*s and "
				"%s",
				TU_STR_FMT(decision->exploitability), tu_harm_name(decision->harm));
	}
}

static bool lists(const struct tu_texts *texts, struct tu_str text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (tu_str_eq(texts->at[i], text))
			return true;
	return texts->count == 0;
}

static void look_deciders(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++) {
		const struct tu_decision *decision = l->input->decisions[i];
		const struct tu_texts *deciders = &l->device->policy.deciders;

		if (decision->status != TU_CLAIM_UNDER_INVESTIGATION &&
			!lists(deciders, decision->decided_by) && !lists(deciders, decision->role))
			tu_lint__tell(l, decision->file, decision->place,
				"is by %.*s, who may not decide by the policy: its deciders name "
				"neither this nor the role",
				TU_STR_FMT(decision->decided_by));
	}
}

static void look_expired(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++) {
		const struct tu_decision *decision = l->input->decisions[i];
		int64_t end = tu_decision_expires(decision, l->device);

		if (end && end <= l->input->at)
			tu_lint__tell(l, decision->file, decision->place, "has expired");
	}
}

static void look_plans(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++) {
		const struct tu_decision *decision = l->input->decisions[i];

		if (decision->risk == TU_RISK_UNCONTROLLED && !decision->action.text.len)
			tu_lint__tell(l, decision->file, decision->place,
				"is uncontrolled and has no plan (action.text): a notice without a "
				"strategy is incomplete remediation");
	}
}

static void look_future(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++) {
		const struct tu_decision *decision = l->input->decisions[i];

		if (decision->decided_at > l->input->at || decision->learned_at > l->input->at)
			tu_lint__tell(l, decision->file, decision->place,
				"is dated in the future (decided_at or learned_at)");
	}
}

static bool decision_exists(const struct linting *l, struct tu_str id)
{
	for (size_t i = 0; i < l->input->decision_count; i++)
		if (tu_str_eq(l->input->decisions[i]->id, id))
			return true;
	return id.len == 0;
}

static void look_superseded(struct linting *l)
{
	for (size_t i = 0; i < l->input->decision_count; i++)
		if (!decision_exists(l, l->input->decisions[i]->supersedes))
			tu_lint__tell(l, l->input->decisions[i]->file,
				l->input->decisions[i]->place,
				"supersedes \"%.*s\", which does not exist",
				TU_STR_FMT(l->input->decisions[i]->supersedes));
}

const struct tu_lint_rule tu_lint__decision_rules[] = {
	{"decision-release-unknown", TU_LINT_ERROR, look_decision_releases},
	{"decision-superseded-unknown", TU_LINT_ERROR, look_superseded},
	{"decision-control-unknown", TU_LINT_ERROR, look_decision_controls},
	{"decision-band-unknown", TU_LINT_ERROR, look_decision_bands},
	{"decision-without-action", TU_LINT_ERROR, look_decision_actions},
	{"event-without-evidence", TU_LINT_NOTE, look_decision_events},
	{"decision-against-matrix", TU_LINT_WARNING, look_decision_matrix},
	{"decision-by-nobody", TU_LINT_ERROR, look_deciders},
	{"decision-expired", TU_LINT_NOTE, look_expired},
	{"decision-without-plan", TU_LINT_WARNING, look_plans},
	{"decision-in-future", TU_LINT_WARNING, look_future},
};

const size_t tu_lint__decision_rule_count = TU_COUNT(tu_lint__decision_rules);
