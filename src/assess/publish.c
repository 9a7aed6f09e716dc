/* When a release counts as fixed, which decisions are in force, which vector is published. */
#include "assess/publish.h"

#include "assess/assess.h"
#include "assess/publish_fix.h"
#include "assess/publish_parts.h"
#include "base/vec.h"
#include "ident/udi.h"
#include "kb/shown_score.h"
#include "vex/name.h"
#include "vex/record.h"

/* The products of one release, one for each of its variants. */
struct release {
	struct tu_naming *naming; /* of its SBOM; NULL: it states none */
	struct tu_issue_product known_as; /* what all variants have in common */
	uint32_t *products;
	size_t product_count;
	bool opened, used;
};

struct adapter {
	const struct tu_publish_input *in;
	struct release *releases;
	TU_VEC(struct tu_issue_product) products;
	TU_VEC(struct tu_issue_entry) entries;
	size_t expired;
	enum tu_issue_fix fix; /* of the decision that is stated */
	struct tu_str fix_unshown; /* why its fix release is not known to be fixed */
	struct tu_error *err;
};

static enum tu_status no_memory(const struct adapter *a)
{
	return tu_no_memory(a->err);
}

/* ---- which decisions and releases ---- */

static bool is_wanted(const struct adapter *a, const struct tu_decision *decision)
{
	for (size_t i = 0; i < a->in->id_count; i++)
		if (tu_decision_is_about(decision, tu_str_c(a->in->ids[i])))
			return true;
	return a->in->id_count == 0;
}

static bool is_in_force(struct adapter *a, const struct tu_decision *decision)
{
	int64_t end = tu_decision_expires(decision, a->in->device);

	if (tu_decision_is_superseded(decision, a->in->decisions, a->in->decision_count))
		return false;
	if (end && end <= a->in->at) {
		a->expired++;
		return false;
	}
	return decision->decided_at <= a->in->at;
}

static bool is_asked_for(const struct adapter *a, struct tu_str release)
{
	return !a->in->release || tu_str_eq(release, tu_str_c(a->in->release));
}

/* ---- products ---- */

static bool has_variant(const struct tu_release *release, struct tu_str name)
{
	for (size_t i = 0; i < release->variants.count; i++)
		if (tu_str_eq(release->variants.at[i], name))
			return true;
	return release->variants.count == 0;
}

static bool add_product(struct adapter *a, struct release *slot, const struct tu_variant *variant)
{
	struct tu_issue_product product = slot->known_as;

	product.variant = variant ? variant->name : a->in->device->family;
	product.udi_di = variant ? variant->udi_di : TU_STR("");
	product.model = variant ? variant->model : TU_STR("");
	if (!TU_VEC_PUSH_IN(a->in->arena, &a->products, product))
		return false;
	slot->products[slot->product_count++] = (uint32_t)a->products.count - 1;
	return true;
}

static enum tu_status open_sbom(struct adapter *a, size_t index, struct release *slot)
{
	const struct tu_inventory *inventory = NULL;
	enum tu_status status;

	if (slot->opened)
		return TU_OK;
	slot->opened = true;
	status = a->in->read_sbom(a->in->self, index, &inventory, a->err);
	if (status != TU_OK || !inventory)
		return status;
	slot->naming = tu_arena_alloc(a->in->arena, sizeof(*slot->naming));
	if (!slot->naming || tu_naming_init(slot->naming, a->in->arena, inventory) != TU_OK)
		return no_memory(a);
	return TU_OK;
}

/* By what the release's SBOM calls its subject, unless device.yaml has its own. */
static enum tu_status identify(struct adapter *a, size_t index, struct release *slot)
{
	const struct tu_release *release = &a->in->device->releases[index];
	struct tu_issue_product *product = &slot->known_as;
	bool stated;

	*product = (struct tu_issue_product){
		.version = release->version, .purl = release->purl, .cpe = release->cpe};
	if (tu_naming_settle(a->in->arena, product) != TU_OK)
		return no_memory(a);
	stated = product->purl.len || product->cpe.len;
	if (!slot->naming)
		return TU_OK;
	if (tu_naming_subject(slot->naming, product) != TU_OK)
		return no_memory(a);
	if (!tu_naming_agrees(slot->naming, product))
		a->in->tell_release(a->in->self, index, stated);
	return slot->naming->identity.status ? no_memory(a) : TU_OK;
}

/* A hospital looks its device up by it: a wrong one names another device, or none. */
static enum tu_status refuse_udi(struct adapter *a, const struct tu_variant *variant)
{
	struct tu_udi udi = tu_udi_judge(variant->udi_di);

	if (!variant->udi_di.len || udi.fault != TU_UDI_CHARACTER)
		return TU_OK;
	return tu_fail(a->err, TU_E_SYNTAX, 0,
		"%.*s: variant \"%.*s\": the check character of UDI-DI %.*s is %c, expected %c",
		TU_STR_FMT(a->in->device->file), TU_STR_FMT(variant->name),
		TU_STR_FMT(variant->udi_di), udi.found, udi.expected);
}

static enum tu_status add_products(struct adapter *a, size_t index, struct release *slot)
{
	const struct tu_device *device = a->in->device;

	slot->products =
		tu_arena_array(a->in->arena, device->variant_count + 1, sizeof(*slot->products));
	if (!slot->products)
		return no_memory(a);
	for (size_t i = 0; i < device->variant_count; i++) {
		enum tu_status status;

		if (!has_variant(&device->releases[index], device->variants[i].name))
			continue;
		status = refuse_udi(a, &device->variants[i]);
		if (status)
			return status;
		if (!add_product(a, slot, &device->variants[i]))
			return no_memory(a);
	}
	if (!slot->product_count && !add_product(a, slot, NULL))
		return no_memory(a);
	return TU_OK;
}

static enum tu_status use_release(struct adapter *a, size_t index)
{
	struct release *slot = &a->releases[index];
	enum tu_status status;

	if (slot->used)
		return TU_OK;
	slot->used = true;
	status = open_sbom(a, index, slot);
	if (status == TU_OK)
		status = identify(a, index, slot);
	return status ? status : add_products(a, index, slot);
}

/* ---- entries ---- */

/* The first weakness that a record of the vulnerability names. */
static struct tu_str weakness_of(const struct tu_kb *kb, uint32_t vulnerability)
{
	uint32_t records = tu_kb_vulnerability(kb, vulnerability).advisories;
	struct tu_str name;

	for (uint32_t i = 0; i < records; i++) {
		uint32_t record = tu_kb_record(kb, vulnerability, i);
		uint32_t count = tu_kb_advisory(kb, record).cwes;

		for (uint32_t k = 0; k < count; k++)
			if (tu_record_weakness(tu_kb_cwe(kb, record, k), &name))
				return tu_kb_cwe(kb, record, k);
	}
	return TU_STR("");
}

/* The knowledge base's own id of it (the CVE id, where there is one) among the aliases. */
static bool take_id(struct adapter *a, struct tu_str id, const struct tu_decision *decision,
	struct tu_issue_entry *entry)
{
	struct tu_str *aliases;

	if (!id.len || tu_decision_is_about(decision, id))
		return true;
	aliases = tu_arena_array(a->in->arena, entry->alias_count + 1, sizeof(*aliases));
	if (!aliases)
		return false;
	for (size_t i = 0; i < entry->alias_count; i++)
		aliases[i] = entry->aliases[i];
	aliases[entry->alias_count++] = id;
	entry->aliases = aliases;
	return true;
}

static void take_own_title(
	const struct adapter *a, const struct tu_decision *decision, struct tu_issue_entry *entry)
{
	for (size_t i = 0; a->in->own && i < a->in->own->list.count; i++)
		if (tu_decision_is_about(decision, a->in->own->list.at[i].id))
			entry->title = a->in->own->list.at[i].title;
}

static bool take_facts(
	struct adapter *a, const struct tu_decision *decision, struct tu_issue_entry *entry)
{
	const struct tu_kb *kb = a->in->kb;
	uint32_t index = kb && !a->in->plain ? tu_kb_find(kb, entry->vulnerability) : TU_KB_NONE;
	struct tu_kb_vulnerability facts;
	struct tu_shown_score shown;

	take_own_title(a, decision, entry);
	if (index == TU_KB_NONE)
		return true;
	facts = tu_kb_vulnerability(kb, index);
	shown = tu_kb__shown_score(kb, index);
	if (!entry->title.len)
		entry->title = facts.title;
	entry->cwe = weakness_of(kb, index);
	if (shown.is_stated && tu_str_starts(shown.score.vector, TU_STR("CVSS:3.")))
		entry->vector = shown.score.vector;
	return take_id(a, facts.id, decision, entry);
}

/* What the device's controls are in words. */
static bool take_controls(
	const struct adapter *a, const struct tu_decision *decision, struct tu_issue_entry *entry)
{
	const struct tu_device *device = a->in->device;
	struct tu_str *controls =
		tu_arena_array(a->in->arena, decision->controls.count, sizeof(*controls));

	if (!controls)
		return false;
	for (size_t i = 0; i < decision->controls.count; i++)
		for (size_t k = 0; k < device->control_count; k++)
			if (tu_str_eq(device->controls[k].id, decision->controls.at[i]) &&
				device->controls[k].title.len)
				controls[entry->control_count++] = device->controls[k].title;
	entry->controls = controls;
	return true;
}

/* What an affected release can do to a patient, as decided. */
static bool describe_harm(
	const struct adapter *a, const struct tu_decision *decision, struct tu_issue_entry *entry)
{
	struct tu_buf text;
	bool fine;

	entry->impact = decision->impact;
	if (entry->impact.len || decision->status != TU_CLAIM_AFFECTED ||
		decision->harm == TU_HARM_UNKNOWN)
		return true;
	tu_buf_init(&text, 4096);
	tu_buf_printf(
		&text, "Severity of possible harm to patients: %s.", tu_harm_name(decision->harm));
	if (decision->exploitability.len)
		tu_buf_printf(
			&text, " Exploitability: %.*s.", TU_STR_FMT(decision->exploitability));
	if (decision->risk != TU_RISK_UNDECIDED)
		tu_buf_printf(&text, " The risk is %s.", tu_risk_name(decision->risk));
	fine = !text.failed && tu_arena_dup(a->in->arena, tu_buf_str(&text), &entry->impact);
	tu_buf_done(&text);
	return fine;
}

static enum tu_status add_entry(struct adapter *a, const struct tu_decision *decision,
	const struct release *release, struct tu_str note)
{
	enum tu_justification why = decision->justification;
	struct tu_issue_entry entry = {.vulnerability = decision->vulnerability,
		.aliases = decision->aliases.at,
		.alias_count = decision->aliases.count,
		.products = release->products,
		.product_count = release->product_count,
		.status = decision->status,
		.justification =
			why == TU_JUSTIFY_NONE ? TU_STR("") : tu_str_c(tu_justification_name(why)),
		.remedy = decision->action.remedy == TU_REMEDY_UNSTATED
			? TU_STR("")
			: tu_str_c(tu_remediation_name(decision->action.remedy)),
		.action = decision->action.text,
		.url = decision->action.url,
		.fix_version = decision->action.fix_release,
		.fix = a->fix,
		.due = decision->action.due,
		.note = note,
		.source = decision->premises.source,
		.file = decision->file,
		.decided_at = decision->decided_at};

	if (!take_facts(a, decision, &entry) ||
		tu_publish__parts(a->in->arena, decision, release->naming, &entry) != TU_OK)
		return no_memory(a);
	if (!take_controls(a, decision, &entry) || !describe_harm(a, decision, &entry) ||
		!TU_VEC_PUSH_IN(a->in->arena, &a->entries, entry))
		return no_memory(a);
	return TU_OK;
}

/* The first decision of its own about this release, or NULL. */
static const struct tu_decision *own_of(
	const struct adapter *a, const struct tu_decision *about, struct tu_str release)
{
	for (size_t i = 0; i < a->in->decision_count; i++) {
		const struct tu_decision *other = a->in->decisions[i];
		if (other != about && tu_decision_names_release(other, release) &&
			tu_decision_is_about(other, about->vulnerability) &&
			!tu_decision_is_superseded(other, a->in->decisions, a->in->decision_count))
			return other;
	}
	return NULL;
}

/* Whether two decisions select by the same words. */
static bool is_same_component(const struct tu_decision *a, const struct tu_decision *b)
{
	const struct tu_selector *x = &a->component, *y = &b->component;

	return tu_str_eq(x->name, y->name) && tu_str_eq(x->version, y->version) &&
		tu_str_eq(x->purl, y->purl) && tu_str_eq(x->cpe, y->cpe) &&
		tu_str_eq(x->ref, y->ref) && tu_str_eq(x->path, y->path);
}

/* What is known of the release that a decision names as its fix. */
static enum tu_status judge_fix(struct adapter *a, const struct tu_decision *decision)
{
	size_t index = tu_device_release(a->in->device, decision->action.fix_release);
	const struct tu_release *release;
	const struct tu_decision *own;
	const struct tu_naming *naming;
	enum tu_status status;

	a->fix = TU_ISSUE_FIX_PLANNED;
	a->fix_unshown = TU_STR("");
	if (decision->status != TU_CLAIM_AFFECTED || index == TU_NO_RELEASE)
		return TU_OK;
	release = &a->in->device->releases[index];
	if (!release->released || release->released > a->in->at)
		return TU_OK;
	own = own_of(a, decision, release->version);
	if (own && is_same_component(own, decision)) {
		a->fix =
			tu_claim_clears(own->status) ? TU_ISSUE_FIX_RELEASED : TU_ISSUE_FIX_UNSHOWN;
		return TU_OK;
	}
	status = open_sbom(a, index, &a->releases[index]);
	naming = a->releases[index].naming;
	if (status == TU_OK)
		status = tu_publish__fix_unshown(a->in->arena, a->in->kb, decision,
			naming ? naming->inventory : NULL, &a->fix_unshown);
	a->fix = a->fix_unshown.len ? TU_ISSUE_FIX_UNSHOWN : TU_ISSUE_FIX_RELEASED;
	return status == TU_E_NOMEM ? no_memory(a) : status;
}

/* Nothing of what was decided is said any more. */
static void reopen(struct tu_decision *decision, int64_t since)
{
	decision->status = TU_CLAIM_UNDER_INVESTIGATION;
	decision->justification = TU_JUSTIFY_NONE;
	decision->impact = TU_STR("");
	decision->action = (struct tu_action){0};
	decision->controls = (struct tu_texts){0};
	decision->decided_at = since;
}

/* The release that has the fix is fixed, once it is out, its own match shows it and nothing else is
 * said of it. */
static enum tu_status add_fix(struct adapter *a, const struct tu_decision *decision)
{
	struct tu_str version = decision->action.fix_release;
	size_t index = tu_device_release(a->in->device, version);
	struct tu_decision fixed = *decision;
	struct tu_str note;
	enum tu_status status;

	if (index == TU_NO_RELEASE || a->fix == TU_ISSUE_FIX_PLANNED || !is_asked_for(a, version) ||
		own_of(a, decision, version))
		return TU_OK;
	status = use_release(a, index);
	if (status != TU_OK)
		return status;
	if (a->fix == TU_ISSUE_FIX_RELEASED) {
		fixed.status = TU_CLAIM_FIXED;
		fixed.impact = TU_STR("");
		return add_entry(a, &fixed, &a->releases[index], TU_STR(""));
	}
	reopen(&fixed, decision->decided_at);
	if (!tu_assess__text(a->in->arena, &note,
		    "Named as the release with the fix, but not known to be fixed: %.*s.",
		    TU_STR_FMT(a->fix_unshown)))
		return no_memory(a);
	return add_entry(a, &fixed, &a->releases[index], note);
}

static enum tu_status add_decision(struct adapter *a, const struct tu_decision *decision)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < a->in->device->release_count && status == TU_OK; i++) {
		struct tu_str version = a->in->device->releases[i].version;
		if (!tu_decision_names_release(decision, version) || !is_asked_for(a, version))
			continue;
		status = use_release(a, i);
		if (status == TU_OK)
			status = add_entry(a, decision, &a->releases[i], TU_STR(""));
	}
	return status ? status : add_fix(a, decision);
}

/* ---- what the assessment of the release says ---- */

/* The assessment that a decision is part of: of several the one that settles least. */
static const struct tu_assessment *assessment_of(
	const struct adapter *a, const struct tu_decision *decision)
{
	const struct tu_assess_result *assessed = a->in->assessed;
	const struct tu_assessment *found = NULL;

	for (size_t i = 0; assessed && i < assessed->count; i++) {
		const struct tu_assessment *next = &assessed->assessments[i];
		if (next->decision == decision && (!found || next->state == TU_ASSESS_REOPENED))
			found = next;
	}
	return found;
}

/* The newest release, up to the one that is asked for, that the decision was made for. */
static struct tu_str made_for(
	const struct adapter *a, const struct tu_decision *decision, size_t index)
{
	const struct tu_release *releases = a->in->device->releases;

	while (index && !tu_decision_names_release(decision, releases[index].version))
		index--;
	return releases[index].version;
}

static bool describe_origin(const struct adapter *a, const struct tu_assessment *assessment,
	size_t index, struct tu_str *out_note)
{
	const char *word = tu_claim_status_name(assessment->decision->status);
	struct tu_str from = made_for(a, assessment->decision, index);
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 1 << 20);
	if (assessment->state == TU_ASSESS_REOPENED)
		tu_buf_printf(&text,
			"Decided as %s for release %.*s; for %s under investigation "
			"again: %.*s.",
			word, TU_STR_FMT(from), a->in->release, TU_STR_FMT(assessment->reopen_why));
	else if (assessment->state == TU_ASSESS_CARRIED)
		tu_buf_printf(&text,
			"Decided for release %.*s and carried forward to %s, for "
			"which its premises hold.",
			TU_STR_FMT(from), a->in->release);
	else
		tu_buf_printf(&text, "Under investigation since release %.*s.", TU_STR_FMT(from));
	fine = !text.failed && tu_arena_dup(a->in->arena, tu_buf_str(&text), out_note);
	tu_buf_done(&text);
	return fine;
}

static enum tu_status add_assessed(struct adapter *a, const struct tu_assessment *assessment)
{
	size_t index = tu_device_release(a->in->device, tu_str_c(a->in->release));
	struct tu_decision decision = *assessment->decision;
	struct tu_str note;
	enum tu_status status = use_release(a, index);

	if (status != TU_OK)
		return status;
	if (!describe_origin(a, assessment, index, &note))
		return no_memory(a);
	if (assessment->state == TU_ASSESS_REOPENED)
		reopen(&decision, assessment->since);
	return add_entry(a, &decision, &a->releases[index], note);
}

/* A decision for this very release is published as it is, unless it was re-opened. */
static bool applies(const struct adapter *a, const struct tu_assessment *assessment)
{
	return assessment->state == TU_ASSESS_REOPENED ||
		!tu_decision_names_release(assessment->decision, tu_str_c(a->in->release));
}

static enum tu_status consider(struct adapter *a, const struct tu_decision *decision)
{
	const struct tu_assessment *assessment = assessment_of(a, decision);
	bool is_assessed =
		assessment && decision->decided_at <= a->in->at && applies(a, assessment);
	enum tu_status status;

	if (!is_wanted(a, decision) || (!is_assessed && !is_in_force(a, decision)))
		return TU_OK;
	status = judge_fix(a, decision);
	if (status != TU_OK)
		return status;
	return is_assessed ? add_assessed(a, assessment) : add_decision(a, decision);
}

enum tu_status tu_assess__publish(const struct tu_publish_input *input, struct tu_issue *issue,
	size_t *out_expired, struct tu_error *err)
{
	struct adapter a = {.in = input, .err = err};
	const struct tu_device *device = input->device;
	enum tu_status status = TU_OK;

	a.releases = tu_arena_array(input->arena, device->release_count, sizeof(*a.releases));
	if (!a.releases)
		return no_memory(&a);
	for (size_t i = 0; i < input->decision_count && status == TU_OK; i++)
		status = consider(&a, input->decisions[i]);
	for (size_t i = 0; i < device->release_count; i++)
		if (a.releases[i].naming)
			tu_naming_done(a.releases[i].naming);
	*out_expired = a.expired;
	issue->publisher = device->manufacturer.name;
	issue->namespace_ = device->manufacturer.namespace_;
	issue->contact = device->manufacturer.contact;
	issue->family = device->family;
	issue->products = a.products.at;
	issue->product_count = a.products.count;
	issue->entries = a.entries.at;
	issue->entry_count = a.entries.count;
	return status;
}
