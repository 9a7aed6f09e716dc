/* decisions/NAME.yaml: one decision a file. */
#include <tutela/decision.h>

#include "device/decision_events.h"
#include "device/form.h"
#include "ident/lenient.h"

#define FIELD(type, member) offsetof(struct type, member)
#define DECISION(member) offsetof(struct tu_decision, member)

static const struct tu_field action_fields[] = {
	{"remedy", TU_FIELD_WORD, FIELD(tu_action, remedy), .words = &tu_words_remedy},
	{"text", TU_FIELD_TEXT, FIELD(tu_action, text)},
	{"fix_release", TU_FIELD_TEXT, FIELD(tu_action, fix_release)},
	{"due", TU_FIELD_DATE, FIELD(tu_action, due)},
	{"url", TU_FIELD_TEXT, FIELD(tu_action, url)},
};
static const struct tu_fields action_form = {action_fields, TU_COUNT(action_fields)};

static enum tu_status read_range(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_validity *validity = target;
	struct tu_error inner = {0};
	enum tu_status status = tu_form_text(form, node, &validity->range_text);

	if (status == TU_OK)
		status =
			tu_range_parse(form->arena, validity->range_text, &validity->range, &inner);
	else
		return status;
	if (status == TU_E_NOMEM)
		return tu_form_no_memory(form);
	return status ? tu_yaml_fail(form->err, status, form->file, node,
				"expected a vers range such as vers:generic/>=1.0|<1.4: %s",
				inner.message)
		      : TU_OK;
}

static const struct tu_field validity_fields[] = {
	{"releases", TU_FIELD_TEXTS, FIELD(tu_validity, releases)},
	{"component_range", TU_FIELD_OTHER, .read = read_range},
	{"configuration", TU_FIELD_TEXT, FIELD(tu_validity, configuration)},
	{"carry", TU_FIELD_BOOL, FIELD(tu_validity, carry)},
};
static const struct tu_fields validity_form = {validity_fields, TU_COUNT(validity_fields)};

static enum tu_status read_validity(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return tu_form_read(form, node, &validity_form, &((struct tu_decision *)target)->validity);
}

/* ---- premises ---- */

static bool kev_yes(const struct tu_yaml *node, struct tu_premises *premises)
{
	premises->kev_stated = tu_yaml_bool(node, &premises->kev);
	return premises->kev_stated;
}

static enum tu_status read_kev(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return kev_yes(node, target)
		? TU_OK
		: tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node, "expected true or false");
}

static enum tu_status read_score(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	uint32_t tenths = 0;

	if (node->kind != TU_YAML_SCALAR || !tu_form_decimal(node->text, 1, 100, &tenths))
		return tu_yaml_fail(
			form->err, TU_E_SYNTAX, form->file, node, "expected a score from 0 to 10");
	((struct tu_premises *)target)->score_tenths = (uint8_t)tenths;
	return TU_OK;
}

static enum tu_status read_epss(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	if (node->kind == TU_YAML_SCALAR &&
		tu_form_decimal(node->text, 6, 1000000, &((struct tu_premises *)target)->epss))
		return TU_OK;
	return tu_yaml_fail(
		form->err, TU_E_SYNTAX, form->file, node, "expected a number from 0 to 1");
}

static const struct tu_field premise_fields[] = {
	{"component", TU_FIELD_TEXT, FIELD(tu_premises, component)},
	{"version", TU_FIELD_TEXT, FIELD(tu_premises, version)},
	{"advisory", TU_FIELD_TEXT, FIELD(tu_premises, advisory)},
	{"source", TU_FIELD_TEXT, FIELD(tu_premises, source)},
	{"advisory_modified", TU_FIELD_DATE, FIELD(tu_premises, advisory_modified)},
	{"advisory_digest", TU_FIELD_TEXT, FIELD(tu_premises, advisory_digest)},
	{"kev", TU_FIELD_OTHER, .read = read_kev},
	{"score", TU_FIELD_OTHER, .read = read_score},
	{"epss", TU_FIELD_OTHER, .read = read_epss},
};
static const struct tu_fields premise_form = {premise_fields, TU_COUNT(premise_fields)};

/* ---- corrections ---- */

static const struct tu_field correction_fields[] = {
	{"was", TU_FIELD_TIME, FIELD(tu_correction, was), .needed = true},
	{"now", TU_FIELD_TIME, FIELD(tu_correction, now), .needed = true},
	{"reason", TU_FIELD_TEXT, FIELD(tu_correction, reason), .needed = true},
	{"by", TU_FIELD_TEXT, FIELD(tu_correction, by), .needed = true},
	{"at", TU_FIELD_TIME, FIELD(tu_correction, at), .needed = true},
};
static const struct tu_fields correction_form = {correction_fields, TU_COUNT(correction_fields)};

/* A chain: the first one corrects learned_at itself, each other the one before. Where it is broken,
 * somebody has rewritten what may only be corrected. */
static enum tu_status check_correction(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_decision *decision, const struct tu_correction *correction)
{
	int64_t before = node->index ? correction[-1].now : decision->learned_at;

	if (correction->was != before)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"\"was\" is not what stood before: learned_at is corrected, never "
			"rewritten");
	return tu_identifier_trim(correction->reason).len
		? TU_OK
		: tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			  "a correction needs its reason");
}

static enum tu_status read_corrections(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_decision *decision = target;
	struct tu_correction *list;
	void *items;
	enum tu_status status =
		tu_form_list(form, node, sizeof(*list), &items, &decision->correction_count);

	if (status != TU_OK)
		return status;
	list = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		status = tu_form_read(form, item, &correction_form, &list[item->index]);
		if (status == TU_OK)
			status = check_correction(form, item, decision, &list[item->index]);
	}
	decision->corrections = list;
	return status;
}

/* ---- the file ---- */

static enum tu_status read_component(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return tu_form_selector(form, node, &((struct tu_decision *)target)->component);
}

static enum tu_status read_schema(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	(void)target;
	if (node->kind == TU_YAML_SCALAR && tu_str_eq(node->text, TU_STR("tutela-decision/1")))
		return TU_OK;
	return tu_yaml_fail(form->err, TU_E_UNSUPPORTED, form->file, node,
		"the schema that is read is tutela-decision/1");
}

static const struct tu_field decision_fields[] = {
	{"schema", TU_FIELD_OTHER, .read = read_schema},
	{"id", TU_FIELD_TEXT, DECISION(id)},
	{"supersedes", TU_FIELD_TEXT, DECISION(supersedes)},
	{"vulnerability", TU_FIELD_TEXT, DECISION(vulnerability), .needed = true},
	{"aliases", TU_FIELD_TEXTS, DECISION(aliases)},
	{"component", TU_FIELD_OTHER, .needed = true, .read = read_component},
	{"status", TU_FIELD_WORD, DECISION(status), .needed = true, .words = &tu_words_status},
	{"justification", TU_FIELD_WORD, DECISION(justification), .words = &tu_words_justification},
	{"impact", TU_FIELD_TEXT, DECISION(impact)},
	{"rationale", TU_FIELD_TEXT, DECISION(rationale)},
	{"exploitability", TU_FIELD_TEXT, DECISION(exploitability)},
	{"harm", TU_FIELD_WORD, DECISION(harm), .words = &tu_words_harm},
	{"privacy", TU_FIELD_WORD, DECISION(privacy), .words = &tu_words_privacy},
	{"risk", TU_FIELD_WORD, DECISION(risk), .words = &tu_words_risk},
	{"controls", TU_FIELD_TEXTS, DECISION(controls)},
	{"action", TU_FIELD_FORM, DECISION(action), .fields = &action_form},
	{"validity", TU_FIELD_OTHER, .needed = true, .read = read_validity},
	{"expires", TU_FIELD_DATE, DECISION(expires)},
	{"decided_by", TU_FIELD_TEXT, DECISION(decided_by)},
	{"role", TU_FIELD_TEXT, DECISION(role)},
	{"decided_at", TU_FIELD_TIME, DECISION(decided_at)},
	{"learned_at", TU_FIELD_TIME, DECISION(learned_at), .needed = true},
	{"corrections", TU_FIELD_OTHER, .read = read_corrections},
	{"premises", TU_FIELD_FORM, DECISION(premises), .fields = &premise_form},
	{"events", TU_FIELD_OTHER, .read = tu_decision__read_events},
};
static const struct tu_fields decision_form = {decision_fields, TU_COUNT(decision_fields)};

/* What one field says demands of others. */
struct demand {
	bool (*concerns)(const struct tu_decision *decision);
	bool (*is_met)(const struct tu_decision *decision);
	const char *words;
};

static bool is_decided(const struct tu_decision *d)
{
	return d->status != TU_CLAIM_UNDER_INVESTIGATION;
}

static bool is_affected(const struct tu_decision *d)
{
	return d->status == TU_CLAIM_AFFECTED;
}

static bool is_not_affected(const struct tu_decision *d)
{
	return d->status == TU_CLAIM_NOT_AFFECTED;
}

static bool has_justification(const struct tu_decision *d)
{
	return d->justification != TU_JUSTIFY_NONE;
}

static bool is_justified(const struct tu_decision *d)
{
	return has_justification(d) || d->impact.len;
}

static bool has_person(const struct tu_decision *d)
{
	return d->decided_by.len && d->decided_at;
}

static bool has_risk(const struct tu_decision *d)
{
	return d->risk != TU_RISK_UNDECIDED;
}

static bool has_releases(const struct tu_decision *d)
{
	return d->validity.releases.count > 0;
}

static bool has_predecessor(const struct tu_decision *d)
{
	return d->supersedes.len > 0;
}

static bool is_another(const struct tu_decision *d)
{
	return !tu_str_eq(d->supersedes, d->id);
}

static bool always(const struct tu_decision *d)
{
	(void)d;
	return true;
}

static const struct demand demands[] = {
	{is_not_affected, is_justified,
		"status not_affected needs a justification or an impact statement"},
	{has_justification, is_not_affected, "a justification belongs to status not_affected"},
	{is_decided, has_person, "a decision needs decided_by and decided_at"},
	{is_affected, has_risk, "status affected needs its risk, controlled or uncontrolled"},
	{has_predecessor, is_another,
		"a decision supersedes itself: supersedes names the decision before it"},
	{always, has_releases, "validity.releases names the releases that were looked at"},
};

static enum tu_status check_demands(
	struct tu_form *form, const struct tu_yaml *root, const struct tu_decision *decision)
{
	for (size_t i = 0; i < TU_COUNT(demands); i++)
		if (demands[i].concerns(decision) && !demands[i].is_met(decision))
			return tu_yaml_fail(
				form->err, TU_E_SYNTAX, form->file, root, "%s", demands[i].words);
	return TU_OK;
}

/* "decisions/CVE-2022-0847-kernel.yaml" gives "CVE-2022-0847-kernel". */
static struct tu_str id_of_file(struct tu_str file)
{
	struct tu_str name = tu_str_from(file, 0);
	size_t slash = tu_str_rfind(file, '/');

	if (slash < file.len)
		name = tu_str_from(file, slash + 1);
	return tu_str_first(name, tu_str_rfind(name, '.'));
}

static const struct tu_decision blank = {
	.validity.carry = true,
	.premises.score_tenths = 0xff,
	.premises.epss = UINT32_MAX,
};

enum tu_status tu_decision_read(struct tu_arena *arena, struct tu_str file, struct tu_str text,
	const struct tu_device_limits *limits, const struct tu_decision **out_decision,
	struct tu_error *err)
{
	struct tu_yaml_limits yaml_limits = {.bytes = 1 << 20};
	struct tu_decision *decision = tu_arena_alloc(arena, sizeof(*decision));
	struct tu_form form = {arena, file, err, decision};
	const struct tu_yaml *root;
	enum tu_status status;

	if (!decision)
		return tu_form_no_memory(&form);
	*decision = blank;
	if (limits)
		yaml_limits = (struct tu_yaml_limits){limits->bytes, limits->depth, limits->nodes};
	if (!tu_arena_dup(arena, file, &decision->file))
		return tu_form_no_memory(&form);
	decision->id = id_of_file(decision->file);
	status = tu_yaml_parse(arena, file, text, &yaml_limits, &root, err);
	if (status == TU_OK) {
		decision->place = tu_form_place(root);
		status = tu_form_read(&form, root, &decision_form, decision);
	}
	if (status == TU_OK)
		status = check_demands(&form, root, decision);
	if (status == TU_OK)
		*out_decision = decision;
	return status;
}
